using System.Text.Json.Nodes;
using Darkroom.Imaging.Metadata;
using Darkroom.Models.Autoencoders;
using Darkroom.Models.Catalog;

namespace Darkroom.Server.Automatic1111.Infotext;

/// <summary>What an infotext gives to a request of txt2img or img2img, by AUTOMATIC1111's names of fields and options.</summary>
/// <param name="Fields">Those that the request does not name.</param>
/// <param name="Settings">For <c>override_settings</c>; those that the request does not name there.</param>
/// <param name="Notes">What nothing was made of, a sentence each.</param>
internal sealed record InfotextFields(JsonObject Fields, JsonObject Settings, IReadOnlyList<string> Notes)
{
    /// <summary>Before the names of options among those that a request names.</summary>
    public const string SettingsPrefix = "override_settings.";

    private const int MaxNotes = 20, MaxKey = 64; // an answer is not to be longer than what it answers

    // Seed and guidance, samplers, the second pass. Of two keys for one field the later is the one of DDIM, which has no other.
    private static readonly (string Key, string Field)[]
        Numbers =
        [
            ("Steps", "steps"), ("Seed", "seed"), ("Variation seed", "subseed"), ("Variation seed strength", "subseed_strength"),
            ("Denoising strength", "denoising_strength"), ("Batch size", "batch_size"), ("Eta", "eta"), ("Eta DDIM", "eta"), ("Sigma churn", "s_churn"),
            ("Sigma tmin", "s_tmin"), ("Sigma tmax", "s_tmax"), ("Sigma noise", "s_noise"), ("NGMS", "s_min_uncond"),
            ("Refiner switch at", "refiner_switch_at"),
        ],
        Texts = [("Sampler", "sampler_name"), ("Schedule type", "scheduler"), ("Refiner", "refiner_checkpoint")],
        PictureNumbers = [("Image CFG scale", "image_cfg_scale"), ("Noise multiplier", "initial_noise_multiplier")],
        HiresTexts =
        [
            ("Hires upscaler", "hr_upscaler"), ("Hires sampler", "hr_sampler_name"), ("Hires schedule type", "hr_scheduler"),
            ("Hires checkpoint", "hr_checkpoint_name"), ("Hires prompt", "hr_prompt"), ("Hires negative prompt", "hr_negative_prompt"),
        ];

    private static readonly string[]
        MaskContents = ["fill", "original", "latent noise", "latent nothing"], Fits = ["Just resize", "Crop and resize", "Resize and fill"],
        NoiseNames = ["GPU", "CPU", "NV"];

    /// <param name="text">Of any origin; what does not look like fields is prompt.</param>
    /// <param name="fromPicture">Whether the request is of img2img.</param>
    /// <param name="named">Fields of the request, and its options with <see cref="SettingsPrefix"/> before them: they count, and not the text's.</param>
    /// <param name="models">Which the text may name.</param>
    /// <param name="vaes">The same; null: none.</param>
    public static InfotextFields Of(string text, bool fromPicture, IReadOnlySet<string> named, IModelDirectory models, IAutoencoderDirectory? vaes)
    {
        var parsed = ParametersText.Parse(text);
        var values = new InfotextValues(parsed);
        var found = new InfotextFields([], [], []);
        found.Set(named, "prompt", parsed.Prompt);
        found.Set(named, "negative_prompt", parsed.NegativePrompt);
        if (parsed.Fields.Count == 0) return found;

        found.SetAll(named, values, Numbers, Texts);
        // A distilled model's own scale stands in the place of the other one here.
        found.Set(named, "cfg_scale", values.Number("Distilled CFG Scale") ?? values.Number("CFG scale"));
        if (values.Size("Size") is var (width, height))
        {
            found.Set(named, "width", width);
            found.Set(named, "height", height);
        }
        if (values.Size("Seed resize from") is var (fromWidth, fromHeight) && !named.Contains("seed_resize_from_w") && !named.Contains("seed_resize_from_h"))
            (found.Fields["seed_resize_from_w"], found.Fields["seed_resize_from_h"]) = (fromWidth, fromHeight);
        if (values.Look("Tiling")?.Equals("true", StringComparison.OrdinalIgnoreCase) == true)
        {
            values.Use("Tiling");
            found.Set(named, "tiling", true);
        }
        if (values.Look("Compatibility") == "a1111") values.Use("Compatibility"); // as all pictures are here
        if (fromPicture) found.SetPicture(named, values);
        else found.SetHires(named, values);
        found.SetSettings(named, values);
        var missing = found.SetModel(named, values, models, vaes);
        return found with
        {
            Notes =
            [
                .. missing.Select(static sentence => $"infotext: {sentence}."),
                .. values.Unused.Keys.Take(MaxNotes).Select(static key => $"infotext: nothing was made of '{(key.Length <= MaxKey ? key : key[..MaxKey])}'."),
            ],
        };
    }

    private void SetAll(
        IReadOnlySet<string> named, InfotextValues values, IEnumerable<(string Key, string Field)> numbers, IEnumerable<(string Key, string Field)> texts)
    {
        foreach (var (key, field) in numbers)
            if (values.Number(key) is { } number) Set(named, field, number);
        foreach (var (key, field) in texts)
            if (values.Text(key) is { } text) Set(named, field, text);
    }

    private void SetHires(IReadOnlySet<string> named, InfotextValues values)
    {
        if (!values.Has("Hires upscale") && !values.Has("Hires upscaler") && !values.Has("Hires resize")) return;
        Set(named, "enable_hr", true);
        SetAll(named, values, [("Hires steps", "hr_second_pass_steps")], HiresTexts);
        var (scale, size) = (values.Number("Hires upscale"), values.Size("Hires resize"));
        if (named.Contains("hr_scale") || named.Contains("hr_resize_x") || named.Contains("hr_resize_y")) return; // they say one thing together
        if (scale is { } factor) Fields["hr_scale"] = factor;
        else if (size is var (width, height)) (Fields["hr_resize_x"], Fields["hr_resize_y"]) = (width, height);
    }

    private void SetPicture(IReadOnlySet<string> named, InfotextValues values)
    {
        SetAll(named, values, PictureNumbers, []);
        if (values.Look("Resize mode") is { } fit && Array.IndexOf(Fits, fit) is >= 0 and var mode)
        {
            values.Use("Resize mode");
            Set(named, "resize_mode", mode);
        }
        if (!values.KeysFrom("Mask").Any() && !values.Has("Inpaint area")) return;
        // What such a text leaves out has these values.
        Set(named, "inpainting_mask_invert", values.Text("Mask mode") == "Inpaint not masked" ? 1 : 0);
        Set(named, "inpainting_fill", Math.Max(0, Array.IndexOf(MaskContents, values.Text("Masked content") ?? "original")));
        Set(named, "inpaint_full_res", values.Text("Inpaint area") == "Only masked");
        Set(named, "inpaint_full_res_padding", values.Number("Masked area padding") ?? 32);
        if (values.Number("Mask blur") is { } blur && !named.Contains("mask_blur_x") && !named.Contains("mask_blur_y")) Set(named, "mask_blur", blur);
    }

    private void SetSettings(IReadOnlySet<string> named, InfotextValues values)
    {
        var noise = values.Look("RNG") ?? NoiseNames[0];
        if (NoiseNames.Contains(noise))
        {
            values.Use("RNG");
            SetOption(named, "randn_source", noise);
        }
        if ((values.Has("Clip skip") ? values.Whole("Clip skip") : 1) is { } skip) SetOption(named, "CLIP_stop_at_last_layers", skip);
        if (values.Whole("ENSD") is { } delta) SetOption(named, "eta_noise_seed_delta", delta);
    }

    private List<string> SetModel(IReadOnlySet<string> named, InfotextValues values, IModelDirectory models, IAutoencoderDirectory? vaes)
    {
        var (native, missing) = (new JsonObject(), new List<string>());
        RemadeParts.SetModel(values, models, vaes, native, missing);
        foreach (var (field, option) in ((string, string)[])[("model", "sd_model_checkpoint"), ("vae", "sd_vae")])
        {
            if (native[field] is { } id) SetOption(named, option, (string)id!);
            if (named.Contains(SettingsPrefix + option)) missing.RemoveAll(sentence => sentence.StartsWith(field + ":", StringComparison.Ordinal));
        }
        return missing;
    }

    private void Set(IReadOnlySet<string> named, string field, JsonNode? value)
    {
        if (value is not null && !named.Contains(field)) Fields[field] = value;
    }

    private void SetOption(IReadOnlySet<string> named, string option, JsonNode value)
    {
        if (!named.Contains(SettingsPrefix + option)) Settings[option] = value;
    }
}
