// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/surface/gl_surface.h"

#include <QtTest>

using namespace strata::ui;

class TestGlSurface : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void renderersAreToldApart_data() {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("software");
        const std::pair<const char*, bool> names[] = {
            {"llvmpipe (LLVM 15.0.6, 256 bits)", true},
            {"softpipe", true},
            {"Software Rasterizer", true},
            {"ANGLE (Google, Vulkan 1.1.0 (SwiftShader Device), SwiftShader driver)", true},
            {"Apple Software Renderer", true},
            {"NVIDIA GeForce RTX 4070/PCIe/SSE2", false},
            {"Mesa Intel(R) UHD Graphics 620 (KBL GT2)", false},
            {"AMD Radeon RX 6800 (navi21, LLVM 15.0.6, DRM 3.49)", false},
        };
        for (const auto& [name, software] : names)
            QTest::newRow(name) << QByteArray(name) << software;
    }
    void renderersAreToldApart() {
        QFETCH(QByteArray, name);
        QFETCH(bool, software);
        QCOMPARE(isSoftwareRenderer(name), software);
    }
};

QTEST_APPLESS_MAIN(TestGlSurface)
#include "test_gl_surface.moc"
