<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>Acting</name>
        <message numerus="yes">
            <source>%Ln people are sent to when the campaign goes on.</source>
            <translation>
                <numerusform>%Ln person is sent to when the campaign goes on.</numerusform>
                <numerusform>%Ln people are sent to when the campaign goes on.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln people are being sent to now.</source>
            <translation>
                <numerusform>%Ln person is being sent to now.</numerusform>
                <numerusform>%Ln people are being sent to now.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln rows were written to {path}.</source>
            <translation>
                <numerusform>%Ln row was written to {path}.</numerusform>
                <numerusform>%Ln rows were written to {path}.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Actions</name>
        <message numerus="yes">
            <source>Retry all who wait now (%Ln)</source>
            <translation>
                <numerusform>Retry the one who waits now</numerusform>
                <numerusform>Retry all %Ln who wait now</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Again to the unknown (%Ln)…</source>
            <translation>
                <numerusform>Again to %Ln unknown…</numerusform>
                <numerusform>Again to %Ln unknown…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>To those held (%Ln)…</source>
            <translation>
                <numerusform>To %Ln held…</numerusform>
                <numerusform>To %Ln held…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Again to the expired (%Ln)…</source>
            <translation>
                <numerusform>Again to %Ln expired…</numerusform>
                <numerusform>Again to %Ln expired…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>To those cancelled (%Ln)…</source>
            <translation>
                <numerusform>To %Ln cancelled…</numerusform>
                <numerusform>To %Ln cancelled…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {seconds} seconds %Ln people are sent to again. Some of them may have it already.</source>
            <translation>
                <numerusform>In {seconds} seconds %Ln person is sent to again, and may have it already.</numerusform>
                <numerusform>In {seconds} seconds %Ln people are sent to again. Some of them may have it already.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {seconds} seconds %Ln people are sent to.</source>
            <translation>
                <numerusform>In {seconds} seconds %Ln person is sent to.</numerusform>
                <numerusform>In {seconds} seconds %Ln people are sent to.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>AttentionList</name>
        <message numerus="yes">
            <source>{name}: it is unknown whether %Ln people got the mail.</source>
            <translation>
                <numerusform>{name}: it is unknown whether %Ln person got the mail.</numerusform>
                <numerusform>{name}: it is unknown whether %Ln people got the mail.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: %Ln people are held back, for example without consent.</source>
            <translation>
                <numerusform>{name}: %Ln person is held back, for example without consent.</numerusform>
                <numerusform>{name}: %Ln people are held back, for example without consent.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: unusually many bounced (%Ln). Look through the list.</source>
            <translation>
                <numerusform>{name}: unusually many bounced (%Ln). Look through the list.</numerusform>
                <numerusform>{name}: unusually many bounced (%Ln). Look through the list.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name} is paused; %Ln people still wait.</source>
            <translation>
                <numerusform>{name} is paused; %Ln person still waits.</numerusform>
                <numerusform>{name} is paused; %Ln people still wait.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: %Ln lanes were stopped and need you ({lanes}).</source>
            <translation>
                <numerusform>{name}: %Ln lane was stopped and needs you ({lanes}).</numerusform>
                <numerusform>{name}: %Ln lanes were stopped and need you ({lanes}).</numerusform>
            </translation>
        </message>
    </context>
</TS>
