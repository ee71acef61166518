#version 330 core
// The posed body through a pinhole camera.
// In:  positions and normals in the camera's frame (x right, y down, z forward), metres.

uniform mat4 u_projection;

layout(location = 0) in vec3 a_position;
layout(location = 1) in vec3 a_normal;
layout(location = 2) in vec3 a_code;

out vec3 v_position;
out vec3 v_normal;
out vec3 v_code;

void main() {
    v_position = a_position;
    v_normal = a_normal;
    v_code = a_code;
    gl_Position = u_projection * vec4(a_position, 1.0);
}
