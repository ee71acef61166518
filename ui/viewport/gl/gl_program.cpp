// SPDX-License-Identifier: Apache-2.0
#include "ui/viewport/gl/gl_program.h"

#include <QCoreApplication>
#include <QFile>

#include <glm/gtc/type_ptr.hpp>

/// The shaders lie in a static library, from which the linker takes only what is asked for. Outside
/// of any namespace, as Qt wants it.
static void registerShaders() { Q_INIT_RESOURCE(shaders); }

namespace strata::ui {
namespace {

constexpr const char* kColors = "common/srgb.glsl";

std::string shaderLog(Gl& gl, GLuint shader) {
    GLint length = 0;
    gl.glGetShaderiv(shader, GL_INFO_LOG_LENGTH, &length);
    std::string log(std::size_t(std::max(1, length)), '\0');
    gl.glGetShaderInfoLog(shader, length, nullptr, log.data());
    return log;
}

Status compile(Gl& gl, GLuint program, const std::string& name) {
    QFile file(QString::fromStdString(":/shaders/" + name));
    if (!file.open(QIODevice::ReadOnly))
        return Error{ErrorCode::NotFound,
                     QCoreApplication::translate("Shader", "The shader %1 is not in the program.")
                         .arg(QString::fromStdString(name))
                         .toStdString()};
    const QByteArray text = file.readAll();
    const char* source = text.constData();
    const GLuint shader =
        gl.glCreateShader(name.ends_with(".vert") ? GL_VERTEX_SHADER : GL_FRAGMENT_SHADER);
    gl.glShaderSource(shader, 1, &source, nullptr);
    gl.glCompileShader(shader);
    GLint good = 0;
    gl.glGetShaderiv(shader, GL_COMPILE_STATUS, &good);
    const std::string log = good ? std::string() : shaderLog(gl, shader);
    gl.glAttachShader(program, shader);
    gl.glDeleteShader(shader); // lives as long as the program
    if (!good)
        return Error{ErrorCode::Internal,
                     QCoreApplication::translate("Shader", "The shader %1 does not compile: %2")
                         .arg(QString::fromStdString(name), QString::fromStdString(log))
                         .toStdString()};
    return ok();
}

} // namespace

Result<std::unique_ptr<GlProgram>> GlProgram::link(Gl& gl, const std::vector<std::string>& files) {
    registerShaders();
    std::unique_ptr<GlProgram> program(new GlProgram(gl, gl.glCreateProgram()));
    for (const auto& file : files)
        STRATA_TRY(compile(gl, program->m_id, file));
    gl.glLinkProgram(program->m_id);
    GLint good = 0;
    gl.glGetProgramiv(program->m_id, GL_LINK_STATUS, &good);
    if (!good) {
        char log[2048] = "";
        gl.glGetProgramInfoLog(program->m_id, sizeof log, nullptr, log);
        return Error{ErrorCode::Internal,
                     QCoreApplication::translate("Shader", "The shader %1 does not link: %2")
                         .arg(QString::fromStdString(files.back()), QString::fromUtf8(log))
                         .toStdString()};
    }
    return program;
}

GlProgram::~GlProgram() { m_gl.glDeleteProgram(m_id); }

void GlProgram::use() { m_gl.glUseProgram(m_id); }

GLint GlProgram::location(const char* name) {
    const auto known = m_locations.find(name);
    if (known != m_locations.end())
        return known->second;
    return m_locations[name] = m_gl.glGetUniformLocation(m_id, name);
}

void GlProgram::set(const char* name, int value) { m_gl.glUniform1i(location(name), value); }
void GlProgram::set(const char* name, float value) { m_gl.glUniform1f(location(name), value); }
void GlProgram::set(const char* name, glm::vec2 value) {
    m_gl.glUniform2f(location(name), value.x, value.y);
}
void GlProgram::set(const char* name, glm::vec3 value) {
    m_gl.glUniform3f(location(name), value.x, value.y, value.z);
}
void GlProgram::set(const char* name, glm::vec4 value) {
    m_gl.glUniform4f(location(name), value.x, value.y, value.z, value.w);
}
void GlProgram::set(const char* name, glm::ivec2 value) {
    m_gl.glUniform2i(location(name), value.x, value.y);
}
void GlProgram::set(const char* name, const glm::mat4& value) {
    m_gl.glUniformMatrix4fv(location(name), 1, GL_FALSE, glm::value_ptr(value));
}

GlProgram* GlPrograms::use(const std::string& vertex, const std::string& fragment) {
    const auto key = vertex + "+" + fragment;
    auto known = m_programs.find(key);
    if (known == m_programs.end()) {
        auto linked = GlProgram::link(m_gl, {vertex, kColors, fragment});
        if (!linked)
            m_error = linked.error().message;
        known = m_programs.emplace(key, linked ? std::move(*linked) : nullptr).first;
    }
    if (known->second)
        known->second->use();
    return known->second.get();
}

} // namespace strata::ui
