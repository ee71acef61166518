#version 330 core
// The picture of a layer on its sheet. Where depth jumps the sheet would be stretched between two
// things; those parts are left out.
// Out: sRGB-encoded, premultiplied alpha.

uniform sampler2D u_picture; // linear light, premultiplied
uniform float u_stretch;     // greatest change of z between grid points, as a share of z
uniform ivec2 u_size;        // grid points

vec3 encodeSrgb(vec3 linear);

in vec2 v_uv;
in float v_z;
out vec4 o_color;

void main() {
    vec2 duv = vec2(length(dFdx(v_uv)), length(dFdy(v_uv))) * vec2(u_size);
    vec2 dz = abs(vec2(dFdx(v_z), dFdy(v_z))) / max(duv, vec2(1e-6));
    vec4 color = texture(u_picture, v_uv);
    if (color.a < 0.02 || max(dz.x, dz.y) > u_stretch * v_z)
        discard;
    o_color = vec4(encodeSrgb(color.rgb / color.a) * color.a, color.a);
}
