using System.Text.Json.Nodes;

namespace Darkroom.Server.Automatic1111.Options;

/// <summary>
/// Options of AUTOMATIC1111 that have one value here: what Darkroom does is what that value says there. Clients that read all options, change one and send
/// all back find them unchanged.
/// </summary>
internal static class FixedOptions
{
    public static IReadOnlyDictionary<string, JsonNode?> All { get; } = new OrderedDictionary<string, JsonNode?>(StringComparer.Ordinal)
    {
        // Nothing is written beside the answer: jobs keep their pictures.
        ["samples_save"] = false,
        ["grid_save"] = false,
        ["return_grid"] = false,
        ["do_not_show_images"] = false,
        ["save_init_img"] = false,
        ["save_txt"] = false,
        ["export_for_4chan"] = false,
        ["webp_lossless"] = false,
        ["save_images_before_highres_fix"] = false,
        ["save_images_before_face_restoration"] = false,
        ["grid_format"] = "png",

        // What is written into pictures.
        ["add_model_hash_to_info"] = true,
        ["add_model_name_to_info"] = true,
        ["add_vae_hash_to_info"] = true,
        ["add_vae_name_to_info"] = true,
        ["add_version_to_infotext"] = true,

        // Models.
        ["sd_unet"] = "None",
        ["sd_lora"] = "None",
        ["sd_hypernetwork"] = "None",
        ["sd_checkpoint_cache"] = 0,
        ["sd_checkpoints_limit"] = 1,
        ["sd_vae_as_default"] = true,
        ["sd_vae_overrides_per_model_preferences"] = true,

        // Prompts.
        ["enable_emphasis"] = true,
        ["emphasis"] = "Original",
        ["enable_batch_seeds"] = true,
        ["comma_padding_backtrack"] = 20,
        ["use_old_emphasis_implementation"] = false,
        ["use_old_scheduling"] = false,

        // Picture tasks.
        ["img2img_fix_steps"] = false,
        ["img2img_color_correction"] = false,
        ["img2img_background_color"] = "#ffffff",
        ["initial_noise_multiplier"] = 1.0,
        ["inpainting_mask_weight"] = 1.0,
        ["upscaler_for_img2img"] = "None",
        ["use_old_hires_fix_width_height"] = false,

        // Samplers.
        ["ddim_discretize"] = "uniform",
        ["s_churn"] = 0.0,
        ["s_tmin"] = 0.0,
        ["s_tmax"] = 0.0,
        ["s_noise"] = 1.0,
        ["s_min_uncond"] = 0.0,
        ["token_merging_ratio"] = 0.0,
        ["token_merging_ratio_img2img"] = 0.0,
        ["token_merging_ratio_hr"] = 0.0,
        ["always_discard_next_to_last_sigma"] = false,
        ["sgm_noise_multiplier"] = false,
        ["uni_pc_variant"] = "bh1",
        ["uni_pc_order"] = 3,
        ["hide_samplers"] = new JsonArray(),

        // What Darkroom has none of.
        ["face_restoration"] = false,
        ["face_restoration_model"] = null,
        ["code_former_weight"] = 0.5,
        ["tiling"] = false,

        // Progress.
        ["show_progressbar"] = true,
        ["show_progress_grid"] = false,
        ["live_previews_image_format"] = "png",
        ["live_preview_content"] = "Prompt",
    };
}
