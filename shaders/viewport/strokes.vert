#version 330 core
// Thick lines and dots: each instance is a line with round ends, given in screen pixels from the top
// left corner; a dot is a line without length. Draw 4 vertices as a triangle strip per instance.

uniform vec2 u_screen; // pixels

layout(location = 0) in vec4 a_ends;  // x0, y0, x1, y1
layout(location = 1) in vec4 a_color; // sRGB-encoded, straight alpha
layout(location = 2) in float a_radius;

out vec2 v_at; // screen pixels
flat out vec4 v_ends;
flat out vec4 v_color;
flat out float v_radius;

void main() {
    vec2 from = a_ends.xy, to = a_ends.zw;
    vec2 along = to - from;
    float length_ = length(along);
    vec2 x = length_ > 1e-4 ? along / length_ : vec2(1.0, 0.0);
    vec2 y = vec2(-x.y, x.x);
    float reach = a_radius + 1.0; // room for the soft edge
    vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    v_at = (corner.x < 0.0 ? from : to) + (x * corner.x + y * corner.y) * reach;
    v_ends = a_ends;
    v_color = a_color;
    v_radius = a_radius;
    gl_Position = vec4(v_at.x / u_screen.x * 2.0 - 1.0, 1.0 - v_at.y / u_screen.y * 2.0, 0.0, 1.0);
}
