#version 330 core
// A layer as a sheet in space: a grid over the picture, each point at its depth.
// In:  u_grid holds the camera z of each grid point in metres, (0,0) top left.
// Draw u_size.x * u_size.y points by index; no vertex buffer.

uniform sampler2D u_grid;
uniform ivec2 u_size;      // grid points
uniform vec4 u_intrinsics; // fx, fy, cx, cy in shares of the picture's sides
uniform float u_push;      // added to z: how far the layer is pulled apart
uniform mat4 u_world;      // camera frame to clip space

out vec2 v_uv;
out float v_z; // camera z before the push

void main() {
    ivec2 point = ivec2(gl_VertexID % u_size.x, gl_VertexID / u_size.x);
    v_uv = vec2(point) / vec2(u_size - 1);
    v_z = texelFetch(u_grid, point, 0).r;
    vec2 ray = (v_uv - u_intrinsics.zw) / u_intrinsics.xy;
    gl_Position = u_world * vec4(ray * v_z, v_z + u_push, 1.0);
}
