// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/gui/loaded_drivers.h"
#include "ui/viewport/viewport.h"

#include <QApplication>
#include <QTest>

/// main() of a test whose widgets draw with OpenGL.
#define STRATA_GUI_TEST_MAIN(TestClass)                                                            \
    int main(int argc, char** argv) {                                                              \
        QSurfaceFormat::setDefaultFormat(strata::ui::Viewport::surfaceFormat());                   \
        QApplication application(argc, argv);                                                      \
        TestClass test;                                                                            \
        const int failed = QTest::qExec(&test, argc, argv);                                        \
        strata::keepDriversLoaded();                                                               \
        return failed;                                                                             \
    }
