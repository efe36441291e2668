using System.Text.Json.Nodes;
using Darkroom.Server.Generation;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Automatic1111.Reading;

/// <summary>What img2img says of its picture and mask, in the words of the native API.</summary>
internal static class MaskValues
{
    private const double DefaultBlur = 4, DefaultStrength = 0.75;

    private static readonly string[] Fills = ["blur", "original", "noise", "zero"], Fits = ["stretch", "crop", "pad"];

    /// <summary>Sets what img2img has with and without a mask.</summary>
    /// <param name="native">Takes the values.</param>
    /// <param name="values">As sent.</param>
    /// <param name="showsPicture">Whether the model edits by instruction: then it takes no strength.</param>
    public static void SetPicture(JsonObject native, SentValues values, bool showsPicture)
    {
        if (!showsPicture || values.IsGiven("denoising_strength")) native["strength"] = values.Number("denoising_strength", 0, 1) ?? DefaultStrength;
        if (values.Number("image_cfg_scale") is { } scale && showsPicture) native["image_guidance_scale"] = scale;
        if (values.Whole("resize_mode", 0, 3) is 3)
            values.Refuse("resize_mode", "3 enlarges latents, which this server does in a second pass of txt2img alone", values.Find("resize_mode"), "0…2");
        else native["resize_mode"] = Fits[values.Whole("resize_mode", 0, 3) ?? 0];
        if (values.Number("initial_noise_multiplier", 0, 2) is { } noise and not 1) native["noise_multiplier"] = noise;
        if (values.IsGiven("latent_mask")) values.Refuse("latent_mask", "is not supported; send mask");
    }

    /// <summary>Sets what a mask has.</summary>
    /// <returns>The mask as it is sent on.</returns>
    public static async ValueTask<SentFile> SetAsync(
        JsonObject native, SentValues values, SentFile mask, DecodeMemory memory, CancellationToken cancellation)
    {
        var both = values.Number("mask_blur", 0, 64);
        var (x, y) = (values.Number("mask_blur_x", 0, 64) ?? DefaultBlur, values.Number("mask_blur_y", 0, 64) ?? DefaultBlur);
        var (file, blur) = await SentPictures.MaskAsync(mask, (both ?? x, both ?? y), memory, cancellation);
        native["mask_blur"] = blur;
        native["mask_mode"] = (values.Whole("inpainting_mask_invert", 0, 1) ?? 0) == 1 ? "black" : "white";
        native["fill"] = Fills[values.Whole("inpainting_fill", 0, 3) ?? 0];
        native["area"] = values.Flag("inpaint_full_res") ?? true ? "masked" : "whole";
        native["padding"] = values.Whole("inpaint_full_res_padding", 0) ?? 0;
        if (values.Flag("mask_round") == false)
            values.Refuse("mask_round", "false keeps a soft mask in latents, which this server does not", values.Find("mask_round"), "true");
        return file;
    }
}
