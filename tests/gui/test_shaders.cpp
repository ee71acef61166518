// SPDX-License-Identifier: Apache-2.0
#include "tests/gui/screen_main.h"

#include "ui/viewport/gl/gl_program.h"

#include <QDir>
#include <QDirIterator>
#include <QOffscreenSurface>
#include <QOpenGLContext>
#include <QOpenGLVersionFunctionsFactory>

using namespace strata;
using namespace strata::ui;

class TestShaders : public QObject {
    Q_OBJECT
    QOpenGLContext m_context;
    QOffscreenSurface m_surface;
    Gl* m_gl = nullptr;

    static QStringList files(const QString& pattern) {
        const QDir root(STRATA_SOURCE_DIR "/shaders");
        QStringList found;
        QDirIterator it(root.path(), {pattern}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            found << root.relativeFilePath(it.next());
        found.sort();
        return found;
    }
    /// The vertex shader that a fragment shader belongs to: of its own name, else the folder's,
    /// else the one that covers a rectangle.
    static QString vertexFor(const QString& fragment) {
        const QStringList all = files("*.vert");
        const QString own = QString(fragment).replace(".frag", ".vert");
        const QString folder = fragment.section('/', 0, 0);
        for (const QString& name : {own, folder + "/" + folder + ".vert"})
            if (all.contains(name))
                return name;
        return "viewport/quad.vert";
    }

private Q_SLOTS:
    void initTestCase() {
        m_context.setFormat(Viewport::surfaceFormat());
        QVERIFY(m_context.create());
        m_surface.setFormat(m_context.format());
        m_surface.create();
        QVERIFY(m_context.makeCurrent(&m_surface));
        m_gl = QOpenGLVersionFunctionsFactory::get<Gl>(&m_context);
        QVERIFY(m_gl);
    }

    void everyFragmentShaderLinks_data() {
        QTest::addColumn<QString>("file");
        for (const QString& file : files("*.frag"))
            QTest::newRow(qPrintable(file)) << file;
    }
    void everyFragmentShaderLinks() {
        QFETCH(QString, file);
        const auto program = GlProgram::link(
            *m_gl, {vertexFor(file).toStdString(), "common/srgb.glsl", file.toStdString()});
        QVERIFY2(program, program ? "" : program.error().message.c_str());
        QCOMPARE(m_gl->glGetError(), GLenum(GL_NO_ERROR));
    }

    void everyVertexShaderIsUsed() {
        QSet<QString> used;
        for (const QString& file : files("*.frag"))
            used.insert(vertexFor(file));
        for (const QString& file : files("*.vert"))
            QVERIFY2(used.contains(file), qPrintable(file));
    }

    void shadersAreShortAndEmbedded() {
        for (const char* pattern : {"*.vert", "*.frag", "*.glsl"})
            for (const QString& name : files(pattern)) {
                QFile file(":/shaders/" + name);
                QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(name));
                QVERIFY2(file.readAll().count('\n') <= 110, qPrintable(name));
            }
    }

    void aBrokenProgramNamesItsFile() {
        const auto program = GlProgram::link(*m_gl, {"viewport/quad.vert", "viewport/none.frag"});
        QVERIFY(!program);
        QVERIFY(QByteArray::fromStdString(program.error().message).contains("viewport/none.frag"));
        const auto halves = GlProgram::link(*m_gl, {"viewport/quad.vert", "views/alpha.frag"});
        QVERIFY(!halves); // decodeSrgb() is missing
    }
};

STRATA_GUI_TEST_MAIN(TestShaders)
#include "test_shaders.moc"
