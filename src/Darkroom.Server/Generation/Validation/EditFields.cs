using Darkroom.Engine.Jobs;
using Darkroom.Models.Fields;
using Masking = Darkroom.Imaging.Masks.MaskMode;
using Resizing = Darkroom.Imaging.Resize.ResizeMode;

namespace Darkroom.Server.Generation.Validation;

/// <summary>The rows of the table that img2img, inpaint and outpaint add, bound to the request.</summary>
internal static class EditFields
{
    public static readonly PictureField Image = new(FieldTable.Image);

    public static readonly SizeField Width = new(FieldTable.EditWidth)
        { Used = p => p.Request.Edit is { Mask.KeepsPictureSize: true } ? null : p.Request.Width, IsNullable = true, FixedOf = size => size.Width };

    public static readonly SizeField Height = new(FieldTable.EditHeight)
        { Used = p => p.Request.Edit is { Mask.KeepsPictureSize: true } ? null : p.Request.Height, IsNullable = true, FixedOf = size => size.Height };

    public static readonly NumberField Strength = new(FieldTable.Strength)
        { Used = p => p.Request.Edit is { ShowsPicture: false } edit ? edit.Strength : null, IsNullable = true };

    public static readonly FlagField AllSteps = new(FieldTable.AllSteps)
        { Used = p => p.Request.Edit is { Rule: Diffusion.Schedules.StrengthRule.A1111AllSteps or Diffusion.Schedules.StrengthRule.Comfyui } };

    public static readonly NumberField NoiseMultiplier = new(FieldTable.NoiseMultiplier) { Used = p => p.Request.Edit!.NoiseMultiplier };

    public static readonly NumberField OutpaintStrength = new(FieldTable.OutpaintStrength) { Used = p => p.Request.Edit!.Strength };

    public static readonly ChoiceField<Resizing> ResizeMode = new(FieldTable.ResizeMode, Choices.Of<Resizing>()) { Used = p => p.Request.Edit!.Fit };

    public static readonly PictureField Mask = new(FieldTable.Mask);

    public static readonly ChoiceField<Masking> MaskMode = new(FieldTable.MaskMode, Choices.Of<Masking>())
        { Used = p => p.Request.Edit!.Mask!.Reading };

    public static readonly NumberField MaskBlur = new(FieldTable.MaskBlur) { Used = p => p.Request.Edit!.Mask!.Blur };

    public static readonly WholeField MaskGrow = new(FieldTable.MaskGrow) { Used = p => p.Request.Edit!.Mask!.Grow };

    public static readonly ChoiceField<MaskFill> Fill = new(FieldTable.Fill, Choices.Of<MaskFill>()) { Used = p => p.Request.Edit!.Mask!.Fill };

    public static readonly ChoiceField<bool> Area = new(FieldTable.Area, [("whole", false), ("masked", true)]) { Used = p => p.Request.Edit!.Mask!.OnlyMasked };

    public static readonly WholeField Padding = new(FieldTable.Padding) { Used = p => p.Request.Edit!.Mask!.Padding };

    public static readonly WholeField Left = new(FieldTable.Left) { Used = p => p.Request.Edit!.Extension!.Left };

    public static readonly WholeField Right = new(FieldTable.Right) { Used = p => p.Request.Edit!.Extension!.Right };

    public static readonly WholeField Up = new(FieldTable.Up) { Used = p => p.Request.Edit!.Extension!.Up };

    public static readonly WholeField Down = new(FieldTable.Down) { Used = p => p.Request.Edit!.Extension!.Down };

    public static readonly WholeField Feather = new(FieldTable.Feather)
        { Used = p => p.Request.Edit!.Extension!.Feather, Fallback = m => Math.Min(32, m.NativeSize / 8) };

    public static readonly IReadOnlyList<Field> All =
    [
        Image, Width, Height, Strength, AllSteps, NoiseMultiplier, ResizeMode, Mask, MaskMode, MaskBlur, MaskGrow, Fill, Area, Padding, OutpaintStrength,
        Left, Right, Up, Down, Feather,
    ];
}
