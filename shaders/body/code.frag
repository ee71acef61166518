#version 330 core
// The motion code: the colour of each point's place on the body at rest, unlit.
// Out: the values of the code as they are; edges blend with the black background.

in vec3 v_code;
out vec4 o_color;

void main() {
    o_color = vec4(v_code, 1.0);
}
