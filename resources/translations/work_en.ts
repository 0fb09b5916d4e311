<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
    <context>
        <name>Chosen</name>
        <message numerus="yes">
            <source>%n person(s) put into “{name}”.</source>
            <translation>
                <numerusform>%n person put into “{name}”.</numerusform>
                <numerusform>%n people put into “{name}”.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) taken out of the list.</source>
            <translation>
                <numerusform>%n person taken out of the list.</numerusform>
                <numerusform>%n people taken out of the list.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) get no mail from now on.</source>
            <translation>
                <numerusform>%n person gets no mail from now on.</numerusform>
                <numerusform>%n people get no mail from now on.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n person(s) deleted.</source>
            <translation>
                <numerusform>%n person deleted.</numerusform>
                <numerusform>%n people deleted.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Page</name>
        <message numerus="yes">
            <source>%n template(s)</source>
            <translation>
                <numerusform>%n template</numerusform>
                <numerusform>%n templates</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n campaign(s)</source>
            <translation>
                <numerusform>%n campaign</numerusform>
                <numerusform>%n campaigns</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>SuppressedView</name>
        <message numerus="yes">
            <source>%n entry(s) may get mail again.</source>
            <translation>
                <numerusform>%n entry may get mail again.</numerusform>
                <numerusform>%n entries may get mail again.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Transfer</name>
        <message numerus="yes">
            <source>%n person(s) written to {file}.</source>
            <translation>
                <numerusform>%n person written to {file}.</numerusform>
                <numerusform>%n people written to {file}.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>In %Ln of them “?” stands for characters that old Excel lacks.</source>
            <translation>
                <numerusform>In %Ln of them “?” stands for characters that old Excel lacks.</numerusform>
                <numerusform>In %Ln of them “?” stands for characters that old Excel lacks.</numerusform>
            </translation>
        </message>
    </context>
</TS>
