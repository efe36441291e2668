using System.Text.Json;
using System.Text.Json.Nodes;
using Darkroom.Models.Fields;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>The fields of AUTOMATIC1111's txt2img and img2img, with the values that stand for an absent one there. Answers repeat all of them.</summary>
internal static class TaskFields
{
    private const int MaxUnknown = 20; // the answer is not to be as long as what was sent

    private static readonly string[] Unset =
    [
        "styles", "sampler_name", "scheduler", "restore_faces", "tiling", "eta", "s_min_uncond", "s_churn", "s_tmax", "s_tmin", "s_noise", "override_settings",
        "refiner_checkpoint", "refiner_switch_at", "firstpass_image", "comments", "force_task_id", "script_name", "infotext",
    ];

    private static readonly (string Name, JsonNode? Value)[] Both =
    [
        ("prompt", ""), ("negative_prompt", ""), ("seed", -1), ("subseed", -1), ("subseed_strength", 0), ("seed_resize_from_h", -1),
        ("seed_resize_from_w", -1), ("batch_size", 1), ("n_iter", 1), ("steps", 50), ("cfg_scale", 7.0), ("width", 512), ("height", 512),
        ("do_not_save_samples", false), ("do_not_save_grid", false), ("denoising_strength", 0.75), ("override_settings_restore_afterwards", true),
        ("disable_extra_networks", false), ("sampler_index", "Euler"), ("script_args", new JsonArray()), ("send_images", true), ("save_images", false),
        ("alwayson_scripts", new JsonObject()),
    ];

    private static readonly (string Name, JsonNode? Value)[] FirstPass =
    [
        ("enable_hr", false), ("firstphase_width", 0), ("firstphase_height", 0), ("hr_scale", 2.0), ("hr_upscaler", null), ("hr_second_pass_steps", 0),
        ("hr_resize_x", 0), ("hr_resize_y", 0), ("hr_checkpoint_name", null), ("hr_sampler_name", null), ("hr_scheduler", null), ("hr_prompt", ""),
        ("hr_negative_prompt", ""),
    ];

    private static readonly (string Name, JsonNode? Value)[] FromPicture =
    [
        ("init_images", null), ("resize_mode", 0), ("image_cfg_scale", null), ("mask", null), ("mask_blur_x", 4), ("mask_blur_y", 4), ("mask_blur", null),
        ("mask_round", true), ("inpainting_fill", 0), ("inpaint_full_res", true), ("inpaint_full_res_padding", 0), ("inpainting_mask_invert", 0),
        ("initial_noise_multiplier", null), ("latent_mask", null), ("include_init_images", false),
    ];

    public static IReadOnlyDictionary<string, JsonNode?> Txt2Img { get; } = Table(FirstPass);

    public static IReadOnlyDictionary<string, JsonNode?> Img2Img { get; } = Table(FromPicture);

    /// <summary>Names that are none of the fields, as answers tell them; some other programs' clients send more than there is.</summary>
    public static IEnumerable<string> Unknown(JsonElement body, IReadOnlyDictionary<string, JsonNode?> fields) => body.EnumerateObject()
        .Select(JsonText.NameOf).Where(name => !fields.ContainsKey(name)).Distinct().Take(MaxUnknown)
        .Select(name => name.Length <= 64 ? name : name[..63] + "…");

    private static OrderedDictionary<string, JsonNode?> Table((string Name, JsonNode? Value)[] own)
    {
        var table = new OrderedDictionary<string, JsonNode?>(StringComparer.Ordinal);
        foreach (var (name, value) in Both.Concat(Unset.Select(name => (name, (JsonNode?)null))).Concat(own)) table.Add(name, value);
        return table;
    }
}
