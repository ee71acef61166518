<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Action</name>
    <message>
        <source>&amp;New Project</source>
        <translation>新建项目(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>打开(&amp;O)…</translation>
    </message>
    <message>
        <source>Open &amp;Recent</source>
        <translation>打开最近的文件(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;As…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>&amp;Render…</source>
        <translation>渲染导出(&amp;R)…</translation>
    </message>
    <message>
        <source>&amp;Models…</source>
        <translation>模型(&amp;M)…</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation>首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Find Command…</source>
        <translation>查找命令(&amp;F)…</translation>
    </message>
    <message>
        <source>&amp;Keyboard Shortcuts…</source>
        <translation>键盘快捷键(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Take Apart</source>
        <translation>拆解(&amp;T)</translation>
    </message>
    <message>
        <source>Choose &amp;Identity…</source>
        <translation>选择身份(&amp;I)…</translation>
    </message>
    <message>
        <source>Choose &amp;Motion…</source>
        <translation>选择动作(&amp;M)…</translation>
    </message>
    <message>
        <source>Choose &amp;Scene…</source>
        <translation>选择场景(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Clear All Sources</source>
        <translation>清除所有来源(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Result</source>
        <translation>结果(&amp;R)</translation>
    </message>
    <message>
        <source>S&amp;ource</source>
        <translation>源画面(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Human</source>
        <translation>人物(&amp;H)</translation>
    </message>
    <message>
        <source>S&amp;cene</source>
        <translation>场景(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Occluder</source>
        <translation>遮挡物(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Alpha</source>
        <translation>&amp;Alpha 通道</translation>
    </message>
    <message>
        <source>R&amp;ubylith</source>
        <translation>红膜叠加(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Boundary</source>
        <translation>边界(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Depth</source>
        <translation>深度(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Motion Code</source>
        <translation>动作编码(&amp;M)</translation>
    </message>
    <message>
        <source>No Body O&amp;verlay</source>
        <translation>不叠加人体(&amp;V)</translation>
    </message>
    <message>
        <source>Body &amp;Mesh</source>
        <translation>人体网格(&amp;M)</translation>
    </message>
    <message>
        <source>Body &amp;Wireframe</source>
        <translation>人体线框(&amp;W)</translation>
    </message>
    <message>
        <source>S&amp;keleton</source>
        <translation>骨架(&amp;K)</translation>
    </message>
    <message>
        <source>No &amp;Comparison</source>
        <translation>不对比(&amp;C)</translation>
    </message>
    <message>
        <source>Wipe with Source</source>
        <translation>与源画面划像对比</translation>
    </message>
    <message>
        <source>Side by Side</source>
        <translation>并排对比</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Onion Skin</source>
        <translation>洋葱皮</translation>
    </message>
    <message>
        <source>View in &amp;Space</source>
        <translation>空间视图(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>适合窗口(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;1:1</source>
        <translation>&amp;1:1</translation>
    </message>
    <message>
        <source>Zoom &amp;In</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Zoom Ou&amp;t</source>
        <translation>缩小(&amp;T)</translation>
    </message>
    <message>
        <source>Chec&amp;kerboard</source>
        <translation>棋盘格(&amp;K)</translation>
    </message>
    <message>
        <source>Sa&amp;fe Areas</source>
        <translation>安全区(&amp;F)</translation>
    </message>
    <message>
        <source>S&amp;tatistics and Pose</source>
        <translation>统计与姿态(&amp;T)</translation>
    </message>
    <message>
        <source>Full Preview</source>
        <translation>全分辨率预览</translation>
    </message>
    <message>
        <source>½ Preview</source>
        <translation>1/2 分辨率预览</translation>
    </message>
    <message>
        <source>¼ Preview</source>
        <translation>1/4 分辨率预览</translation>
    </message>
    <message>
        <source>&amp;Play or Pause</source>
        <translation>播放或暂停(&amp;P)</translation>
    </message>
    <message>
        <source>Play &amp;Backwards, Faster</source>
        <translation>倒放，再按加速(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>停止(&amp;S)</translation>
    </message>
    <message>
        <source>Play &amp;Forwards, Faster</source>
        <translation>正放，再按加速(&amp;F)</translation>
    </message>
    <message>
        <source>Frame B&amp;ack</source>
        <translation>后退一帧(&amp;A)</translation>
    </message>
    <message>
        <source>Frame For&amp;ward</source>
        <translation>前进一帧(&amp;W)</translation>
    </message>
    <message>
        <source>Ten Frames Back</source>
        <translation>后退十帧</translation>
    </message>
    <message>
        <source>Ten Frames Forward</source>
        <translation>前进十帧</translation>
    </message>
    <message>
        <source>To the &amp;Start</source>
        <translation>转到开头(&amp;S)</translation>
    </message>
    <message>
        <source>To the &amp;End</source>
        <translation>转到结尾(&amp;E)</translation>
    </message>
    <message>
        <source>Set &amp;In</source>
        <translation>设置入点(&amp;I)</translation>
    </message>
    <message>
        <source>Set &amp;Out</source>
        <translation>设置出点(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Clear In and Out</source>
        <translation>清除入点和出点(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Loop</source>
        <translation>循环播放(&amp;L)</translation>
    </message>
    <message>
        <source>Add &amp;Marker</source>
        <translation>添加标记(&amp;M)</translation>
    </message>
    <message>
        <source>P&amp;revious Marker</source>
        <translation>上一个标记(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Next Marker</source>
        <translation>下一个标记(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Full Screen</source>
        <translation>全屏(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;First Steps</source>
        <translation>入门(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;About Strata</source>
        <translation>关于 Strata(&amp;A)</translation>
    </message>
    <message>
        <source>So&amp;und</source>
        <translation>声音(&amp;U)</translation>
    </message>
    <message>
        <source>Workspace: &amp;Editing</source>
        <translation>工作区：编辑(&amp;E)</translation>
    </message>
    <message>
        <source>Workspace: &amp;Layers</source>
        <translation>工作区：图层(&amp;L)</translation>
    </message>
    <message>
        <source>Workspace: &amp;Review</source>
        <translation>工作区：审看(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Own Workspaces</source>
        <translation>自定义工作区(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Save the Workspace…</source>
        <translation>保存工作区(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Delete a Workspace</source>
        <translation>删除工作区(&amp;D)</translation>
    </message>
    <message>
        <source>Bring Layer &amp;Forward</source>
        <translation>图层前移(&amp;F)</translation>
    </message>
    <message>
        <source>Send Layer &amp;Backward</source>
        <translation>图层后移(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Paint the Matte</source>
        <translation>绘制遮罩(&amp;P)</translation>
    </message>
    <message>
        <source>S&amp;maller Brush</source>
        <translation>缩小画笔(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Larger Brush</source>
        <translation>放大画笔(&amp;L)</translation>
    </message>
    <message>
        <source>Clear the Frame&apos;s Strok&amp;es</source>
        <translation>清除本帧的笔画(&amp;E)</translation>
    </message>
</context>
<context>
    <name>EditChoice</name>
    <message>
        <source>The file &apos;%1&apos; is missing; find it again in the media list.</source>
        <translation>找不到文件“%1”；请在素材列表中重新指定它的位置。</translation>
    </message>
    <message>
        <source>Open a clip first.</source>
        <translation>请先打开一个片段。</translation>
    </message>
    <message>
        <source>Nothing is replaced yet: give a person a picture or a motion, or the clip another scene.</source>
        <translation>尚未替换任何内容：请为人物指定图片或动作，或为片段换一个场景。</translation>
    </message>
</context>
<context>
    <name>LayerReader</name>
    <message>
        <source>The layer %1 does not have the size and frames of the clip.</source>
        <translation>图层 %1 的尺寸和帧数与片段不符。</translation>
    </message>
    <message>
        <source>The motion %1 has no pose with a camera for frame %2.</source>
        <translation>动作 %1 在第 %2 帧没有带摄像机的姿态。</translation>
    </message>
</context>
<context>
    <name>Menu</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Clip</source>
        <translation>片段(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Playback</source>
        <translation>播放(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>窗口(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
</context>
<context>
    <name>Shader</name>
    <message>
        <source>The shader %1 is not in the program.</source>
        <translation>程序中没有着色器 %1。</translation>
    </message>
    <message>
        <source>The shader %1 does not compile: %2</source>
        <translation>着色器 %1 编译失败：%2</translation>
    </message>
    <message>
        <source>The shader %1 does not link: %2</source>
        <translation>着色器 %1 链接失败：%2</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>people</source>
        <translation>查找人物</translation>
    </message>
    <message>
        <source>matte</source>
        <translation>遮罩</translation>
    </message>
    <message>
        <source>steady</source>
        <translation>稳定遮罩</translation>
    </message>
    <message>
        <source>camera</source>
        <translation>摄像机</translation>
    </message>
    <message>
        <source>depth</source>
        <translation>深度</translation>
    </message>
    <message>
        <source>body</source>
        <translation>人体</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>plate</source>
        <translation>干净背景</translation>
    </message>
    <message>
        <source>identity</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>light</source>
        <translation>光照</translation>
    </message>
    <message>
        <source>generate</source>
        <translation>生成</translation>
    </message>
    <message>
        <source>render</source>
        <translation>渲染</translation>
    </message>
    <message>
        <source>preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>write</source>
        <translation>写入文件</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Markers</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>置信度</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Red</source>
        <translation>红色</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>橙色</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>绿色</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>蓝色</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>紫色</translation>
    </message>
    <message>
        <source>frame %1 of %2</source>
        <translation>第 %1 帧，共 %2 帧</translation>
    </message>
</context>
<context>
    <name>Undo</name>
    <message>
        <source>Move Layer</source>
        <translation>移动图层</translation>
    </message>
    <message>
        <source>Rename Layer</source>
        <translation>重命名图层</translation>
    </message>
    <message>
        <source>Colour Layer</source>
        <translation>更改图层颜色</translation>
    </message>
    <message>
        <source>Show Layer</source>
        <translation>显示图层</translation>
    </message>
    <message>
        <source>Hide Layer</source>
        <translation>隐藏图层</translation>
    </message>
    <message>
        <source>Solo Layer</source>
        <translation>单独显示图层</translation>
    </message>
    <message>
        <source>End Solo</source>
        <translation>取消单独显示</translation>
    </message>
    <message>
        <source>Lock Layer</source>
        <translation>锁定图层</translation>
    </message>
    <message>
        <source>Unlock Layer</source>
        <translation>解锁图层</translation>
    </message>
    <message>
        <source>Change Opacity</source>
        <translation>更改不透明度</translation>
    </message>
    <message>
        <source>Trim Matte</source>
        <translation>修整遮罩</translation>
    </message>
    <message>
        <source>Add Marker</source>
        <translation>添加标记</translation>
    </message>
    <message>
        <source>Remove Marker</source>
        <translation>删除标记</translation>
    </message>
    <message>
        <source>Move Marker</source>
        <translation>移动标记</translation>
    </message>
    <message>
        <source>Rename Marker</source>
        <translation>重命名标记</translation>
    </message>
    <message>
        <source>Colour Marker</source>
        <translation>更改标记颜色</translation>
    </message>
    <message>
        <source>Add Medium</source>
        <translation>添加素材</translation>
    </message>
    <message>
        <source>Remove Medium</source>
        <translation>移除素材</translation>
    </message>
    <message>
        <source>Open Clip</source>
        <translation>打开片段</translation>
    </message>
    <message>
        <source>Relink Medium</source>
        <translation>重新链接素材</translation>
    </message>
    <message>
        <source>Find People</source>
        <translation>查找人物</translation>
    </message>
    <message>
        <source>Rename Person</source>
        <translation>重命名人物</translation>
    </message>
    <message>
        <source>Colour Person</source>
        <translation>更改人物颜色</translation>
    </message>
    <message>
        <source>Set In</source>
        <translation>设置入点</translation>
    </message>
    <message>
        <source>Set Out</source>
        <translation>设置出点</translation>
    </message>
    <message>
        <source>Set In and Out</source>
        <translation>设置入点和出点</translation>
    </message>
    <message>
        <source>Clear In and Out</source>
        <translation>清除入点和出点</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Change Synthesis</source>
        <translation>更改绘制设置</translation>
    </message>
    <message>
        <source>Change Delivery</source>
        <translation>更改导出设置</translation>
    </message>
    <message>
        <source>Change Identity</source>
        <translation>更换身份</translation>
    </message>
    <message>
        <source>Change Motion</source>
        <translation>更换动作</translation>
    </message>
    <message>
        <source>Change Scene</source>
        <translation>更换场景</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>绘画</translation>
    </message>
    <message>
        <source>Remove Stroke</source>
        <translation>删除笔画</translation>
    </message>
    <message>
        <source>Clear Strokes</source>
        <translation>清除笔画</translation>
    </message>
</context>
<context>
    <name>Viewport</name>
    <message>
        <source>The scene without people is not known here yet.</source>
        <translation>这里还没有去除人物后的场景。</translation>
    </message>
    <message>
        <source>No person has been cut out here yet.</source>
        <translation>这里还没有抠出人物。</translation>
    </message>
    <message>
        <source>What stands in front is not known here yet.</source>
        <translation>这里还没有遮挡物。</translation>
    </message>
    <message>
        <source>The depth is not known here yet.</source>
        <translation>这里还没有深度。</translation>
    </message>
    <message>
        <source>No body has been fitted here yet.</source>
        <translation>这里还没有拟合人体。</translation>
    </message>
    <message>
        <source>The space view needs the depth, not known here yet.</source>
        <translation>空间视图需要深度，而这里还没有深度。</translation>
    </message>
</context>
<context>
    <name>strata::ui::AboutDialog</name>
    <message>
        <source>About Strata</source>
        <translation>关于 Strata</translation>
    </message>
    <message>
        <source>&lt;h2&gt;Strata %1&lt;/h2&gt;&lt;p&gt;Takes character video apart into scene, person and what passes in front, and puts it together again with another person, motion or scene.&lt;/p&gt;&lt;p&gt;Apache License 2.0. Made with Qt (LGPL), FFmpeg (LGPL/GPL), OpenCV, LibTorch, ONNX Runtime, GLM and Dear ImGui.&lt;/p&gt;</source>
        <translation>&lt;h2&gt;Strata %1&lt;/h2&gt;&lt;p&gt;把人物视频拆解为场景、人物和遮挡物，再换上另一个人物、动作或场景重新合成。&lt;/p&gt;&lt;p&gt;Apache 许可证 2.0。使用了 Qt (LGPL)、FFmpeg (LGPL/GPL)、OpenCV、LibTorch、ONNX Runtime、GLM 和 Dear ImGui。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Sources and licences</source>
        <translation>来源与许可证</translation>
    </message>
</context>
<context>
    <name>strata::ui::BrushActions</name>
    <message>
        <source>Take the clip apart and select a person or what is in front: their mattes can be painted.</source>
        <translation>请先分解片段，然后选择人物或前景图层：它们的遮罩可以绘制。</translation>
    </message>
</context>
<context>
    <name>strata::ui::ClipSection</name>
    <message numerus="yes">
        <source>%1 × %2, %3 frames/s, %n frames, with sound</source>
        <translation>
            <numerusform>%1 × %2，%3 帧/秒，共 %n 帧，有声音</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 × %2, %3 frames/s, %n frames</source>
        <translation>
            <numerusform>%1 × %2，%3 帧/秒，共 %n 帧</numerusform>
        </translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>片段</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
    <message>
        <source>Cursor</source>
        <translation>光标处</translation>
    </message>
    <message>
        <source>No clip</source>
        <translation>没有片段</translation>
    </message>
    <message>
        <source>source %1</source>
        <translation>源画面 %1</translation>
    </message>
    <message>
        <source>scene %1</source>
        <translation>场景 %1</translation>
    </message>
    <message>
        <source>result %1</source>
        <translation>结果 %1</translation>
    </message>
    <message>
        <source>human %1</source>
        <translation>人物 %1</translation>
    </message>
    <message>
        <source>in front %1</source>
        <translation>遮挡物 %1</translation>
    </message>
    <message>
        <source>alpha %1</source>
        <translation>Alpha %1</translation>
    </message>
    <message>
        <source>nearness %1 %</source>
        <translation>近度 %1%</translation>
    </message>
</context>
<context>
    <name>strata::ui::CommandSearch</name>
    <message>
        <source>Find Command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>Type a few letters of what you want to do</source>
        <translation>输入想做的事中的几个字</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Commands found</source>
        <translation>找到的命令</translation>
    </message>
</context>
<context>
    <name>strata::ui::Document</name>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>strata::ui::EngineClient</name>
    <message numerus="yes">
        <source>The worker failed %n times at this job, so it is given up. %1</source>
        <translation>
            <numerusform>工作进程在此任务上失败了 %n 次，因此放弃该任务。%1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The worker failed %n times in a row. %1</source>
        <translation>
            <numerusform>工作进程连续失败了 %n 次。%1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>strata::ui::JobList</name>
    <message>
        <source>%1 s left</source>
        <translation>剩余 %1 秒</translation>
    </message>
    <message>
        <source>%1 min left</source>
        <translation>剩余 %1 分钟</translation>
    </message>
    <message>
        <source>%1 h left</source>
        <translation>剩余 %1 小时</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>Waiting for the engine</source>
        <translation>正在等待引擎</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 frames/s</source>
        <translation>%1 帧/秒</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between the parts of a job&apos;s state</comment>
        <translation>，</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>strata::ui::JobsPanel</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Open Result</source>
        <translation>打开结果</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>What the selected job says appears here.</source>
        <translation>所选任务的消息显示在这里。</translation>
    </message>
    <message>
        <source>Log of the selected job</source>
        <translation>所选任务的日志</translation>
    </message>
    <message>
        <source>Clear Ended</source>
        <translation>清除已结束的任务</translation>
    </message>
    <message>
        <source>Go On</source>
        <translation>继续</translation>
    </message>
</context>
<context>
    <name>strata::ui::LayerRows</name>
    <message>
        <source>Hide this layer</source>
        <translation>隐藏此图层</translation>
    </message>
    <message>
        <source>Show this layer</source>
        <translation>显示此图层</translation>
    </message>
    <message>
        <source>Show the others again</source>
        <translation>重新显示其他图层</translation>
    </message>
    <message>
        <source>Show this layer alone</source>
        <translation>单独显示此图层</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Lock against changes</source>
        <translation>锁定，防止更改</translation>
    </message>
    <message>
        <source>Double-click to rename</source>
        <translation>双击以重命名</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>In Front</source>
        <translation>遮挡物</translation>
    </message>
    <message>
        <source>Person %1</source>
        <translation>人物 %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
</context>
<context>
    <name>strata::ui::LayersPanel</name>
    <message>
        <source>Layers, the front one first</source>
        <translation>图层，最前面的在先</translation>
    </message>
    <message>
        <source>Opacity of the selected layer</source>
        <translation>所选图层的不透明度</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>Colour of the Layer</source>
        <translation>图层颜色</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Colour…</source>
        <translation>颜色…</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>扩展</translation>
    </message>
    <message>
        <source>Moves the layer&apos;s edge outwards; inwards when negative</source>
        <translation>将图层边缘向外移动；负值向内</translation>
    </message>
    <message>
        <source>Feather</source>
        <translation>羽化</translation>
    </message>
    <message>
        <source>Width of a soft edge</source>
        <translation>柔化边缘的宽度</translation>
    </message>
    <message>
        <source> px</source>
        <translation> 像素</translation>
    </message>
    <message>
        <source>Bring Forward</source>
        <translation>前移一层</translation>
    </message>
    <message>
        <source>Send Backward</source>
        <translation>后移一层</translation>
    </message>
</context>
<context>
    <name>strata::ui::MainWindow</name>
    <message>
        <source>Strata projects (*.strata)</source>
        <translation>Strata 项目 (*.strata)</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>已打开</translation>
    </message>
    <message>
        <source>Media</source>
        <translation>素材</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>图层</translation>
    </message>
    <message>
        <source>Sources</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Jobs</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Progress of all jobs</source>
        <translation>所有任务的进度</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>撤销“%1”(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>重做“%1”(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Rendered to %1.</source>
        <translation>已渲染到 %1。</translation>
    </message>
    <message>
        <source>%1[*] – Strata</source>
        <translation>%1[*] – Strata</translation>
    </message>
    <message>
        <source>Clear the List</source>
        <translation>清除列表</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n more)</source>
        <translation>
            <numerusform>%1（另有 %n 个）</numerusform>
        </translation>
    </message>
    <message>
        <source>Engine: %1</source>
        <translation>引擎：%1</translation>
    </message>
    <message>
        <source>Engine: starting</source>
        <translation>引擎：正在启动</translation>
    </message>
    <message>
        <source>Engine: not there</source>
        <translation>引擎：不可用</translation>
    </message>
    <message>
        <source>Open a Video or a Project</source>
        <translation>打开视频或项目</translation>
    </message>
    <message>
        <source>Videos and projects (%1);;All files (*)</source>
        <translation>视频和项目 (%1);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Save the Project</source>
        <translation>保存项目</translation>
    </message>
    <message>
        <source>Unsaved Changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>“%1” has changes that are not saved.</source>
        <translation>“%1”有尚未保存的更改。</translation>
    </message>
    <message>
        <source>Clear All Sources</source>
        <translation>清除所有来源</translation>
    </message>
</context>
<context>
    <name>strata::ui::MediaPanel</name>
    <message>
        <source>Files of the project</source>
        <translation>项目的文件</translation>
    </message>
    <message>
        <source>Add files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Take the selected file out of the project</source>
        <translation>从项目中移除所选文件</translation>
    </message>
    <message>
        <source>%1 (missing, double-click to find it)</source>
        <translation>%1（找不到，双击以重新指定）</translation>
    </message>
    <message>
        <source>Add Files</source>
        <translation>添加文件</translation>
    </message>
    <message>
        <source>Where Is the File Now?</source>
        <translation>文件现在在哪里？</translation>
    </message>
</context>
<context>
    <name>strata::ui::MediaProbe</name>
    <message>
        <source>The file &apos;%1&apos; is not there.</source>
        <translation>文件“%1”不存在。</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is neither a video, a picture nor a motion that can be used.</source>
        <translation>“%1”不是可用的视频、图片或动作文件。</translation>
    </message>
</context>
<context>
    <name>strata::ui::ModelsDialog</name>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Fetch the Missing Ones of the Default Set</source>
        <translation>下载默认组合中缺失的模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Fetching: %1 %</source>
        <translation>正在下载：%1%</translation>
    </message>
    <message>
        <source>%1. Home: &lt;a href=&quot;%2&quot;&gt;%2&lt;/a&gt;. A file you have is taken over by &lt;code&gt;strata models import FILE&lt;/code&gt;.</source>
        <translation>%1。主页：&lt;a href=&quot;%2&quot;&gt;%2&lt;/a&gt;。已有的文件可用 &lt;code&gt;strata models import FILE&lt;/code&gt; 导入。</translation>
    </message>
</context>
<context>
    <name>strata::ui::NoticeBar</name>
    <message>
        <source>Close the message</source>
        <translation>关闭消息</translation>
    </message>
</context>
<context>
    <name>strata::ui::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language (after a restart)</source>
        <translation>语言（重新启动后生效）</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>工作</translation>
    </message>
    <message>
        <source>Take a clip apart as soon as it is opened</source>
        <translation>打开片段后立即拆解</translation>
    </message>
    <message>
        <source>Draw the edit into the frame on screen</source>
        <translation>在当前画面上预览编辑结果</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source> s</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source>The engine that came with Strata</source>
        <translation>Strata 自带的引擎</translation>
    </message>
    <message>
        <source>Set STRATA_CACHE to keep results elsewhere</source>
        <translation>设置 STRATA_CACHE 可将结果保存到别处</translation>
    </message>
    <message>
        <source>Frames in memory</source>
        <translation>内存中的帧</translation>
    </message>
    <message>
        <source>Autosave after</source>
        <translation>自动保存间隔</translation>
    </message>
    <message>
        <source>Engine (after a restart)</source>
        <translation>引擎（重新启动后生效）</translation>
    </message>
    <message>
        <source>Results are kept in</source>
        <translation>结果保存在</translation>
    </message>
</context>
<context>
    <name>strata::ui::RecoveryDialog</name>
    <message>
        <source>a project never saved</source>
        <translation>从未保存过的项目</translation>
    </message>
    <message>
        <source>%1, %2 (saved again later)</source>
        <translation>%1，%2（之后又保存过）</translation>
    </message>
    <message>
        <source>Recover Unsaved Work</source>
        <translation>恢复未保存的工作</translation>
    </message>
    <message>
        <source>Strata did not end as it should. These changes were not saved to a file:</source>
        <translation>Strata 上次未正常退出。以下更改尚未保存到文件：</translation>
    </message>
    <message>
        <source>Unsaved projects, the newest first</source>
        <translation>未保存的项目，最新的在先</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Discard All</source>
        <translation>全部放弃</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>以后再说</translation>
    </message>
</context>
<context>
    <name>strata::ui::RenderDialog</name>
    <message>
        <source>Copy the sound</source>
        <translation>复制声音</translation>
    </message>
    <message>
        <source>Whole clip instead of in to out</source>
        <translation>整个片段，而非入点到出点</translation>
    </message>
    <message>
        <source>Render</source>
        <translation>渲染</translation>
    </message>
    <message>
        <source>H.264 (plays everywhere)</source>
        <translation>H.264（到处都能播放）</translation>
    </message>
    <message>
        <source>H.265 (smaller files)</source>
        <translation>H.265（文件更小）</translation>
    </message>
    <message>
        <source>0 is lossless, 14 looks like the source, 28 is small</source>
        <translation>0 为无损，14 与源画面观感一致，28 文件较小</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Codec</source>
        <translation>编码格式</translation>
    </message>
    <message>
        <source>Quality (CRF)</source>
        <translation>质量 (CRF)</translation>
    </message>
    <message>
        <source>Encoder</source>
        <translation>编码器预设</translation>
    </message>
    <message numerus="yes">
        <source>%n frames, from frame %1 on.</source>
        <translation>
            <numerusform>共 %n 帧，从第 %1 帧开始。</numerusform>
        </translation>
    </message>
    <message>
        <source>Render to</source>
        <translation>渲染到</translation>
    </message>
    <message>
        <source>MP4 videos (*.mp4)</source>
        <translation>MP4 视频 (*.mp4)</translation>
    </message>
    <message>
        <source>This is the clip itself; choose another name.</source>
        <translation>这是片段本身；请换一个名称。</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is there already. Replace it?</source>
        <translation>“%1”已经存在。要替换它吗？</translation>
    </message>
</context>
<context>
    <name>strata::ui::Session</name>
    <message>
        <source>%1 It is started again; nothing is lost.</source>
        <translation>%1 正在重新启动，没有丢失任何内容。</translation>
    </message>
    <message>
        <source>The engine works again and goes on where it stopped.</source>
        <translation>引擎已恢复工作，将从中断处继续。</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is not a video; drop it on one of the source slots instead.</source>
        <translation>“%1”不是视频；请把它拖到某个来源槽上。</translation>
    </message>
    <message>
        <source>Open the clip to edit first.</source>
        <translation>请先打开要编辑的片段。</translation>
    </message>
    <message>
        <source>Nobody has been found in the clip yet; wait until it is taken apart.</source>
        <translation>片段中尚未找到人物；请等待拆解完成。</translation>
    </message>
    <message>
        <source>Take apart %1</source>
        <translation>拆解 %1</translation>
    </message>
    <message>
        <source>Render %1</source>
        <translation>渲染 %1</translation>
    </message>
</context>
<context>
    <name>strata::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard Shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Shortcut</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Reset All</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>New shortcut</source>
        <translation>新快捷键</translation>
    </message>
    <message>
        <source>“%1” has lost this shortcut.</source>
        <translation>“%1”不再使用此快捷键。</translation>
    </message>
</context>
<context>
    <name>strata::ui::SourceSlotWidget</name>
    <message>
        <source>Identity</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Drop a picture of a person</source>
        <translation>拖入人物图片</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动作</translation>
    </message>
    <message>
        <source>Drop a BVH or AMASS file</source>
        <translation>拖入 BVH 或 AMASS 文件</translation>
    </message>
    <message>
        <source>Scene</source>
        <translation>场景</translation>
    </message>
    <message>
        <source>Drop a picture or a video</source>
        <translation>拖入图片或视频</translation>
    </message>
    <message>
        <source>Keep the clip&apos;s own</source>
        <translation>保留片段原有的内容</translation>
    </message>
    <message>
        <source>Clear %1</source>
        <translation>清除%1</translation>
    </message>
    <message>
        <source>%1 (missing)</source>
        <translation>%1（找不到）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Choose %1</source>
        <translation>选择%1</translation>
    </message>
    <message>
        <source>Usable files (%1)</source>
        <translation>可用的文件 (%1)</translation>
    </message>
</context>
<context>
    <name>strata::ui::SourcesPanel</name>
    <message>
        <source>Person %1</source>
        <translation>人物 %1</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>人物</translation>
    </message>
    <message>
        <source>Nobody found yet</source>
        <translation>尚未找到人物</translation>
    </message>
</context>
<context>
    <name>strata::ui::SynthSection</name>
    <message>
        <source>Drawing</source>
        <translation>绘制</translation>
    </message>
    <message>
        <source>Keep what passes in front</source>
        <translation>保留遮挡物</translation>
    </message>
    <message>
        <source>Mesh (instant)</source>
        <translation>网格（即时）</translation>
    </message>
    <message>
        <source>Published generator</source>
        <translation>已发布的生成器</translation>
    </message>
    <message>
        <source>Strata&apos;s generator</source>
        <translation>Strata 自带的生成器</translation>
    </message>
    <message>
        <source>Small diffusion networks that correct what the mesh gives</source>
        <translation>小型扩散网络，修正网格绘制的结果</translation>
    </message>
    <message>
        <source>Draw by</source>
        <translation>绘制方式</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>引导强度</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
</context>
<context>
    <name>strata::ui::TimelineWidget</name>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>重命名…</translation>
    </message>
    <message>
        <source>Color</source>
        <translation>颜色</translation>
    </message>
    <message>
        <source>Delete marker</source>
        <translation>删除标记</translation>
    </message>
    <message>
        <source>decoded</source>
        <translation>已解码</translation>
    </message>
    <message>
        <source>decomposed</source>
        <translation>已拆解</translation>
    </message>
    <message>
        <source>rendered</source>
        <translation>已渲染</translation>
    </message>
    <message>
        <source>Add marker here</source>
        <translation>在此处添加标记</translation>
    </message>
    <message>
        <source>Set in here</source>
        <translation>在此处设置入点</translation>
    </message>
    <message>
        <source>Set out here</source>
        <translation>在此处设置出点</translation>
    </message>
    <message>
        <source>Clear in and out</source>
        <translation>清除入点和出点</translation>
    </message>
    <message>
        <source>Loop</source>
        <translation>循环播放</translation>
    </message>
    <message>
        <source>Snapping</source>
        <translation>吸附</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show in to out</source>
        <translation>显示入点到出点</translation>
    </message>
    <message>
        <source>%1
%2, frame %3</source>
        <translation>%1
%2，第 %3 帧</translation>
    </message>
    <message>
        <source>Marker</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>%1, frame %2</source>
        <translation>%1，第 %2 帧</translation>
    </message>
    <message>
        <source>Cache: %1
%2</source>
        <translation>缓存：%1
%2</translation>
    </message>
    <message>
        <source>nothing yet</source>
        <translation>暂无内容</translation>
    </message>
    <message>
        <source>Confidence: %1
%2</source>
        <translation>置信度：%1
%2</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>尚不可知</translation>
    </message>
    <message>
        <source>Name of the marker</source>
        <translation>标记名称</translation>
    </message>
    <message>
        <source>Frame %1 of %2, %3</source>
        <translation>第 %1 帧，共 %2 帧，%3</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Timeline position</source>
        <translation>时间线位置</translation>
    </message>
    <message>
        <source>Timeline tracks</source>
        <translation>时间线轨道</translation>
    </message>
    <message>
        <source>Mended with the brush
%1</source>
        <translation>用画笔修补过
%1</translation>
    </message>
</context>
<context>
    <name>strata::ui::TransportBar</name>
    <message>
        <source>Timecode</source>
        <translation>时间码</translation>
    </message>
    <message>
        <source>Frame %1 of %2</source>
        <translation>第 %1 帧，共 %2 帧</translation>
    </message>
    <message>
        <source>%1×</source>
        <translation>%1×</translation>
    </message>
</context>
<context>
    <name>strata::ui::Viewport</name>
    <message>
        <source>Viewport</source>
        <translation>视口</translation>
    </message>
    <message>
        <source>This graphics driver has no OpenGL 3.3.</source>
        <translation>此显卡驱动程序不支持 OpenGL 3.3。</translation>
    </message>
    <message>
        <source>This computer offers no OpenGL.</source>
        <translation>此计算机没有可用的 OpenGL。</translation>
    </message>
</context>
<context>
    <name>strata::ui::WelcomePage</name>
    <message>
        <source>Strata</source>
        <translation>Strata</translation>
    </message>
    <message>
        <source>Open a Video…</source>
        <translation>打开视频…</translation>
    </message>
    <message>
        <source>Try the Sample</source>
        <translation>试用示例</translation>
    </message>
    <message>
        <source>Drop a video of a person here. Strata takes it apart into scene, person and what passes in front; then drop a picture of somebody else, a motion or another scene on the slots at the right.</source>
        <translation>把一段人物视频拖到这里。Strata 会把它拆解为场景、人物和遮挡物；然后把另一个人的图片、一段动作或另一个场景拖到右侧的来源槽上。</translation>
    </message>
</context>
<context>
    <name>strata::ui::WorkerProcess</name>
    <message>
        <source>The worker crashed.</source>
        <translation>工作进程崩溃了。</translation>
    </message>
    <message>
        <source>The worker ended by itself with code %1.</source>
        <translation>工作进程自行结束，代码为 %1。</translation>
    </message>
    <message>
        <source>The worker %1 cannot be started: %2.</source>
        <translation>无法启动工作进程 %1：%2。</translation>
    </message>
    <message>
        <source>The worker did not introduce itself in time.</source>
        <translation>工作进程没有及时应答。</translation>
    </message>
    <message>
        <source>The worker was asked to end.</source>
        <translation>已要求工作进程结束。</translation>
    </message>
    <message>
        <source>a line that is too long</source>
        <translation>过长的一行</translation>
    </message>
    <message>
        <source>The worker said what is not understood: %1</source>
        <translation>工作进程发来了无法理解的内容：%1</translation>
    </message>
    <message>
        <source>The worker does not speak the protocol.</source>
        <translation>工作进程不使用约定的协议。</translation>
    </message>
    <message>
        <source>The worker %1 speaks version %2 of the protocol and this program version %3; both must come from the same version of Strata.</source>
        <translation>工作进程 %1 使用协议版本 %2，而本程序使用版本 %3；两者必须来自同一版本的 Strata。</translation>
    </message>
    <message numerus="yes">
        <source>The worker did not answer for %n seconds.</source>
        <translation>
            <numerusform>工作进程已有 %n 秒没有应答。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 Its last words: %2</source>
        <translation>%1 它最后的消息：%2</translation>
    </message>
</context>
<context>
    <name>strata::ui::Workspaces</name>
    <message>
        <source>Save the Workspace</source>
        <translation>保存工作区</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>名称：</translation>
    </message>
    <message>
        <source>Replace the workspace “%1”?</source>
        <translation>替换工作区“%1”？</translation>
    </message>
</context>
</TS>
