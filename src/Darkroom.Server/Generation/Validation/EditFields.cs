using Darkroom.Engine.Jobs;

namespace Darkroom.Server.Generation.Validation;

/// <summary>What img2img, inpaint and outpaint add to the fields of a generation.</summary>
internal static class EditFields
{
    public static readonly PictureField Image = new("image", "The picture to work on: PNG, JPEG or WebP. Transparent parts of it count as white.") { IsRequired = true };

    public static readonly SizeField Width = new("width",
        "Pixels. Where absent the picture's, scaled down to the model's max_size where it is larger and down to a multiple of size_step; with height given, by the picture's aspect.")
        { Used = p => p.Request.Edit is { Mask.KeepsPictureSize: true } ? null : p.Request.Width };

    public static readonly SizeField Height = new("height",
        "Pixels. Where absent the picture's, scaled down to the model's max_size where it is larger and down to a multiple of size_step; with width given, by the picture's aspect.")
        { Used = p => p.Request.Edit is { Mask.KeepsPictureSize: true } ? null : p.Request.Height };

    public static readonly NumberField Strength = new("strength", 0, 1, "The share of the schedule that is run, as in diffusers: 0 leaves the picture, 1 starts from noise.")
        { Default = m => m.Defaults.Strength ?? 0.75, Used = p => p.Request.Edit!.Strength };

    /// <summary>A new area starts from nothing that is worth keeping, so outpaint has a default of its own.</summary>
    public static readonly NumberField OutpaintStrength = new("strength", 0, 1, "The share of the schedule that is run in the new area, as in diffusers.")
        { Default = _ => 1, Used = p => p.Request.Edit!.Strength };

    public static readonly ChoiceField<FitMode> ResizeMode = new("resize_mode",
        [("stretch", FitMode.Stretch), ("crop", FitMode.Crop), ("pad", FitMode.Pad)], "How the picture is brought to width and height.")
        { Default = m => m.Defaults.ResizeMode switch { "stretch" => FitMode.Stretch, "pad" => FitMode.Pad, _ => FitMode.Crop }, Used = p => p.Request.Edit!.Fit };

    public static readonly PictureField Mask = new("mask", "What is repainted, as mask_mode says; of the picture's size. In white and black, transparent parts of the mask repaint nothing.") { IsRequired = true };

    public static readonly ChoiceField<MaskReading> MaskMode = new("mask_mode",
        [("white", MaskReading.White), ("black", MaskReading.Black), ("alpha", MaskReading.Alpha)], "What of the mask is repainted: white, black, or what is transparent.")
        { Default = m => m.Defaults.MaskMode switch { "black" => MaskReading.Black, "alpha" => MaskReading.Alpha, _ => MaskReading.White }, Used = p => p.Request.Edit!.Mask!.Reading };

    public static readonly NumberField MaskBlur = new("mask_blur", 0, 64, "Radius in pixels of the blur of the mask's edge.")
        { Default = m => m.Defaults.MaskBlur ?? 4, Used = p => p.Request.Edit!.Mask!.Blur };

    public static readonly WholeField MaskGrow = new("mask_grow", 0, 256, "Pixels by which the mask grows before it is blurred.")
        { Default = m => m.Defaults.MaskGrow ?? 0, Used = p => p.Request.Edit!.Mask!.Grow };

    public static readonly ChoiceField<MaskFill> Fill = new("fill",
        [("original", MaskFill.Original), ("noise", MaskFill.Noise), ("zero", MaskFill.Zero), ("blur", MaskFill.Blur)], "What stands under the mask at the start: the picture, noise, nothing, or the colours around it. noise and zero want a strength of a half and more; at 1 every fill begins from noise.")
        {
            Default = m => m.Defaults.Fill switch { "noise" => MaskFill.Noise, "zero" => MaskFill.Zero, "blur" => MaskFill.Blur, _ => MaskFill.Original },
            Used = p => p.Request.Edit!.Mask!.Fill,
        };

    public static readonly ChoiceField<bool> Area = new("area", [("whole", false), ("masked", true)],
        "masked: only the masked region is worked on, at full size, and pasted back.")
        { Default = m => m.Defaults.Area is "masked", Used = p => p.Request.Edit!.Mask!.OnlyMasked };

    public static readonly WholeField Padding = new("padding", 0, 2000, "Pixels around the masked region that are worked on with it, where area is masked.")
        { Default = m => m.Defaults.Padding ?? 32, Used = p => p.Request.Edit!.Mask!.Padding };

    public static readonly WholeField Left = new("left", 0, 2000, "Pixels to add on the left.")
        { Default = _ => 0, Used = p => p.Request.Edit!.Extension!.Left };

    public static readonly WholeField Right = new("right", 0, 2000, "Pixels to add on the right.")
        { Default = _ => 0, Used = p => p.Request.Edit!.Extension!.Right };

    public static readonly WholeField Up = new("up", 0, 2000, "Pixels to add above.")
        { Default = _ => 0, Used = p => p.Request.Edit!.Extension!.Up };

    public static readonly WholeField Down = new("down", 0, 2000, "Pixels to add below.")
        { Default = _ => 0, Used = p => p.Request.Edit!.Extension!.Down };

    public static readonly WholeField Feather = new("feather", 0, 2000, "Pixels by which the new area reaches softly into the picture.")
        { Default = m => m.Defaults.Feather ?? Math.Min(32, m.NativeSize / 8), Used = p => p.Request.Edit!.Extension!.Feather };
}
