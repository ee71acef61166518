# SPDX-License-Identifier: Apache-2.0
"""Times the official MIMO program with random weights, for bench.sh --official DIR.

DIR is a checkout of the official repository; its Python packages (diffusers and so on) must be installed. Nothing of
it is part of this project. The networks are built from the sizes of Stable Diffusion 1.5 and the motion module's
configuration in DIR; the values of the weights do not matter to the time. The line that is written has the same keys
as those of strata_gpu bench.
"""
import argparse
import json
import os
import sys
import time

import numpy as np
import torch
from PIL import Image


def networks(folder, dtype, device):
    sys.path.insert(0, folder)
    from diffusers import AutoencoderKL, DDIMScheduler
    from omegaconf import OmegaConf
    from src.models.pose_guider import PoseGuider
    from src.models.unet_2d_condition import UNet2DConditionModel
    from src.models.unet_3d_edit_bkfill import UNet3DConditionModel
    from src.pipelines.pipeline_pose2vid_long_edit_bkfill_roiclip import Pose2VideoPipeline
    from transformers import CLIPVisionConfig, CLIPVisionModelWithProjection

    given = OmegaConf.load(os.path.join(folder, "configs/inference/inference_v2.yaml"))
    sizes = dict(block_out_channels=(320, 640, 1280, 1280), layers_per_block=2, attention_head_dim=8,
                 cross_attention_dim=768, norm_num_groups=32, out_channels=4)
    reference = UNet2DConditionModel(in_channels=4, **sizes)
    denoiser = UNet3DConditionModel(
        in_channels=8,
        down_block_types=("CrossAttnDownBlock3D",) * 3 + ("DownBlock3D",),
        up_block_types=("UpBlock3D",) + ("CrossAttnUpBlock3D",) * 3,
        mid_block_type="UNetMidBlock3DCrossAttn",
        **sizes, **OmegaConf.to_container(given.unet_additional_kwargs))
    coder = AutoencoderKL(
        block_out_channels=(128, 256, 512, 512), layers_per_block=2, latent_channels=4,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4)
    clip = CLIPVisionModelWithProjection(CLIPVisionConfig(
        hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16,
        patch_size=14, image_size=224, projection_dim=768))
    guider = PoseGuider(320, conditioning_channels=3, block_out_channels=(16, 32, 96, 256))
    parts = [p.to(device=device, dtype=dtype).eval() for p in (coder, clip, reference, denoiser, guider)]
    pipe = Pose2VideoPipeline(
        vae=parts[0], image_encoder=parts[1], reference_unet=parts[2], denoising_unet=parts[3],
        pose_guider=parts[4],
        scheduler=DDIMScheduler(**OmegaConf.to_container(given.noise_scheduler_kwargs)))
    return pipe.to(device, dtype=dtype)


def picture(random, size):
    return Image.fromarray(random.integers(0, 256, (size, size, 3), dtype=np.uint8))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--sizes", default="512,784")
    parser.add_argument("--frames", default="24")
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--precision", default="fp16", choices=["fp16", "bf16", "fp32"])
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--out", default="")
    options = parser.parse_args()
    dtype = {"fp16": torch.float16, "bf16": torch.bfloat16, "fp32": torch.float32}[options.precision]
    pipe = networks(os.path.abspath(options.folder), dtype, options.device)
    random = np.random.default_rng(7)
    for size in map(int, options.sizes.split(",")):
        for frames in map(int, options.frames.split(",")):
            inputs = [picture(random, size), [picture(random, size) for _ in range(frames)],
                      [picture(random, size) for _ in range(frames)], size, size, frames]
            seconds = 0.0
            for steps in (1, options.steps):  # the first run warms up
                torch.cuda.reset_peak_memory_stats()
                start = time.perf_counter()
                with torch.inference_mode():
                    pipe(*inputs, steps, 3.5, generator=torch.manual_seed(42))
                torch.cuda.synchronize()
                seconds = time.perf_counter() - start
            line = json.dumps({
                "case": f"official program {options.precision} {size} {frames}",
                "fps": frames / seconds, "clip_seconds": seconds, "steps": options.steps,
                "peak_gib": torch.cuda.max_memory_allocated() / 2**30})
            print(line, flush=True)
            if options.out:
                with open(options.out, "a") as out:
                    out.write(line + "\n")


if __name__ == "__main__":
    main()
