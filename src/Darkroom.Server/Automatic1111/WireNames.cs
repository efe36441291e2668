namespace Darkroom.Server.Automatic1111;

/// <summary>What AUTOMATIC1111 calls the fields of the native API, for faults that are found there.</summary>
internal static class WireNames
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["guidance_scale"] = "cfg_scale",
        ["sampler"] = "sampler_name",
        ["schedule"] = "scheduler",
        ["count"] = "batch_size",
        ["strength"] = "denoising_strength",
        ["image"] = "init_images",
        ["fill"] = "inpainting_fill",
        ["area"] = "inpaint_full_res",
        ["padding"] = "inpaint_full_res_padding",
        ["mask_mode"] = "inpainting_mask_invert",
        ["variation_seed"] = "subseed",
        ["variation_strength"] = "subseed_strength",
        ["seed_resize"] = "seed_resize_from_w",
        ["hires"] = "enable_hr",
        ["hires.scale"] = "hr_scale",
        ["hires.width"] = "hr_resize_x",
        ["hires.height"] = "hr_resize_y",
        ["hires.upscaler"] = "hr_upscaler",
        ["hires.steps"] = "hr_second_pass_steps",
        ["hires.strength"] = "denoising_strength",
        ["hires.prompt"] = "hr_prompt",
        ["hires.negative_prompt"] = "hr_negative_prompt",
        ["hires.sampler"] = "hr_sampler_name",
        ["noise_multiplier"] = "initial_noise_multiplier",
        ["image_guidance_scale"] = "image_cfg_scale",
        ["model"] = "override_settings.sd_model_checkpoint",
        ["vae"] = "override_settings.sd_vae",
        ["clip_skip"] = "override_settings.CLIP_stop_at_last_layers",
        ["noise_source"] = "override_settings.randn_source",
        ["noise_seed_offset"] = "override_settings.eta_noise_seed_delta",
        ["controls"] = "alwayson_scripts.controlnet.args",
    };

    /// <summary>Of a ControlNet's unit; the number before them is the unit's among those that are on.</summary>
    private static readonly Dictionary<string, string> OfUnits = new() { ["start"] = "guidance_start", ["end"] = "guidance_end", ["guess"] = "control_mode" };

    /// <param name="field">By its native name; one that both share stays as it is.</param>
    public static string Of(string field) =>
        field.Split('.') is ["controls", var number, .. var names]
            ? string.Join('.', (string[])[Names["controls"], number, .. names.Select(name => OfUnits.GetValueOrDefault(name, name))])
            : Names.GetValueOrDefault(field, field);
}
