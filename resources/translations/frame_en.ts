<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>Acting</name>
        <message numerus="yes">
            <source>%n people are being sent to now.</source>
            <translation>
                <numerusform>%n person is being sent to now.</numerusform>
                <numerusform>%n people are being sent to now.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n rows were written to {path}.</source>
            <translation>
                <numerusform>%n row was written to {path}.</numerusform>
                <numerusform>%n rows were written to {path}.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Actions</name>
        <message numerus="yes">
            <source>Retry all who wait now (%n)</source>
            <translation>
                <numerusform>Retry the one who waits now</numerusform>
                <numerusform>Retry all %n who wait now</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Again to the unknown (%n)…</source>
            <translation>
                <numerusform>Again to %n unknown…</numerusform>
                <numerusform>Again to %n unknown…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>To those held (%n)…</source>
            <translation>
                <numerusform>To %n held…</numerusform>
                <numerusform>To %n held…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Again to the expired (%n)…</source>
            <translation>
                <numerusform>Again to %n expired…</numerusform>
                <numerusform>Again to %n expired…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>To those cancelled (%n)…</source>
            <translation>
                <numerusform>To %n cancelled…</numerusform>
                <numerusform>To %n cancelled…</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {seconds} seconds %n people are sent to again. Some of them may have it already.</source>
            <translation>
                <numerusform>In {seconds} seconds %n person is sent to again, and may have it already.</numerusform>
                <numerusform>In {seconds} seconds %n people are sent to again. Some of them may have it already.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In {seconds} seconds %n people are sent to.</source>
            <translation>
                <numerusform>In {seconds} seconds %n person is sent to.</numerusform>
                <numerusform>In {seconds} seconds %n people are sent to.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>AttentionList</name>
        <message numerus="yes">
            <source>{name}: it is unknown whether %n people got the mail.</source>
            <translation>
                <numerusform>{name}: it is unknown whether %n person got the mail.</numerusform>
                <numerusform>{name}: it is unknown whether %n people got the mail.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: %n people are held back, for example without consent.</source>
            <translation>
                <numerusform>{name}: %n person is held back, for example without consent.</numerusform>
                <numerusform>{name}: %n people are held back, for example without consent.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: unusually many bounced (%n). Look through the list.</source>
            <translation>
                <numerusform>{name}: unusually many bounced (%n). Look through the list.</numerusform>
                <numerusform>{name}: unusually many bounced (%n). Look through the list.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name} is paused; %n people still wait.</source>
            <translation>
                <numerusform>{name} is paused; %n person still waits.</numerusform>
                <numerusform>{name} is paused; %n people still wait.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>{name}: %n lanes were stopped and need you ({lanes}).</source>
            <translation>
                <numerusform>{name}: %n lane was stopped and needs you ({lanes}).</numerusform>
                <numerusform>{name}: %n lanes were stopped and need you ({lanes}).</numerusform>
            </translation>
        </message>
    </context>
</TS>
