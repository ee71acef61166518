// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/core/result.h"
#include "ui/viewport/gl/gl.h"

#include <glm/glm.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace strata::ui {

/// A linked program. Uniforms that the compiler has optimised away are ignored.
class GlProgram {
public:
    /// Files below shaders/: one .vert, and what the fragments are made of (.frag, .glsl).
    static Result<std::unique_ptr<GlProgram>> link(Gl& gl, const std::vector<std::string>& files);
    ~GlProgram();
    GlProgram(const GlProgram&) = delete;
    GlProgram& operator=(const GlProgram&) = delete;

    void use();
    void set(const char* name, int value);
    void set(const char* name, float value);
    void set(const char* name, glm::vec2 value);
    void set(const char* name, glm::vec3 value);
    void set(const char* name, glm::vec4 value);
    void set(const char* name, glm::ivec2 value);
    void set(const char* name, const glm::mat4& value);

private:
    GlProgram(Gl& gl, GLuint id)
        : m_gl(gl)
        , m_id(id) {}
    GLint location(const char* name);

    Gl& m_gl;
    GLuint m_id;
    std::map<std::string, GLint, std::less<>> m_locations;
};

/// The programs of the viewport, each compiled when first used.
class GlPrograms {
public:
    explicit GlPrograms(Gl& gl)
        : m_gl(gl) {}

    /// In use on return. Null if it does not compile; error() says why.
    GlProgram* use(const std::string& vertex, const std::string& fragment);
    const std::string& error() const { return m_error; }

private:
    Gl& m_gl;
    std::map<std::string, std::unique_ptr<GlProgram>> m_programs;
    std::string m_error;
};

} // namespace strata::ui
