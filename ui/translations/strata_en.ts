<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>strata::ui::ClipSection</name>
    <message numerus="yes">
        <source>%1 × %2, %3 frames/s, %n frames, with sound</source>
        <translation>
            <numerusform>%1 × %2, %3 frames/s, %n frame, with sound</numerusform>
            <numerusform>%1 × %2, %3 frames/s, %n frames, with sound</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %2, %3 frames/s, %n frames</source>
        <translation>
            <numerusform>%1 × %2, %3 frames/s, %n frame</numerusform>
            <numerusform>%1 × %2, %3 frames/s, %n frames</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::EngineClient</name>
    <message numerus="yes">
        <source>The worker failed %n times at this job, so it is given up. %1</source>
        <translation>
            <numerusform>The worker failed %n time at this job, so it is given up. %1</numerusform>
            <numerusform>The worker failed %n times at this job, so it is given up. %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The worker failed %n times in a row. %1</source>
        <translation>
            <numerusform>The worker failed %n time in a row. %1</numerusform>
            <numerusform>The worker failed %n times in a row. %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::MainWindow</name>
    <message numerus="yes">
        <source>%1 (%n more)</source>
        <translation>
            <numerusform>%1 (%n more)</numerusform>
            <numerusform>%1 (%n more)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::RenderDialog</name>
    <message numerus="yes">
        <source>%n frames, from frame %1 on.</source>
        <translation>
            <numerusform>%n frame, from frame %1 on.</numerusform>
            <numerusform>%n frames, from frame %1 on.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::WorkerProcess</name>
    <message numerus="yes">
        <source>The worker did not answer for %n seconds.</source>
        <translation>
            <numerusform>The worker did not answer for %n second.</numerusform>
            <numerusform>The worker did not answer for %n seconds.</numerusform>
        </translation>
    </message>
</context>
</TS>
