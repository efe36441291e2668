using System.Text.Json.Serialization;
using Darkroom.Diffusion.Schedules;
using Darkroom.Diffusion.Schedules.KDiffusion;
using Darkroom.Imaging.Canvas;
using Darkroom.Imaging.Masks;
using Darkroom.Imaging.Resize;
using Darkroom.Models.Fields;

namespace Darkroom.Engine.Jobs;

/// <summary>A picture that a caller sent: its file lies in the input store until the job is finished.</summary>
/// <param name="InputId">Id in the input store.</param>
/// <param name="Width">Pixels, after EXIF orientation.</param>
/// <param name="Height">Pixels, after EXIF orientation.</param>
public sealed record InputPicture(string InputId, int Width, int Height)
{
    /// <summary>Whether it is an array of numbers.</summary>
    public bool IsArray { get; init; }

    /// <summary>Bits of a value: 8, 16, or 32 for floats.</summary>
    public int Bits { get; init; } = 8;
}

/// <summary>What the picture tasks add to a request (img2img, inpaint, outpaint).</summary>
public sealed record PictureEdit
{
    public required InputPicture Picture { get; init; }

    /// <summary>0…1: the share of the schedule that is run, diffusers' meaning.</summary>
    public required double Strength { get; init; }

    /// <summary>Whether the network is shown the picture and changes it as the prompt says, from pure noise: strength is 1 then.</summary>
    public bool ShowsPicture { get; init; }

    /// <summary>Which steps of the schedule that means.</summary>
    public StrengthRule Rule { get; init; }

    /// <summary>0…2: factor on the noise that is put on the picture.</summary>
    public double NoiseMultiplier { get; init; } = 1;

    /// <summary>How the picture is brought to the request's width and height.</summary>
    public ResizeMode Fit { get; init; } = ResizeMode.Crop;

    /// <summary>Inpaint alone.</summary>
    public MaskEdit? Mask { get; init; }

    /// <summary>Outpaint alone; 0…2000 on each side.</summary>
    public CanvasExtension? Extension { get; init; }

    /// <summary>Which part of which schedule is run, where a request asks for so many steps.</summary>
    public ImageToImageSteps RunOf(int steps) => Rule switch
    {
        StrengthRule.RoundsUp => ImageToImageSteps.DiffusersFlow(steps, Strength),
        StrengthRule.PicksTimesteps when Strength > 0 => new(steps, 0, steps),
        StrengthRule.A1111 => ImageToImageSteps.A1111(steps, Strength),
        StrengthRule.A1111AllSteps when ImageToImageSteps.A1111AllSteps(steps, Strength) is { } run => run,
        StrengthRule.Comfyui => ImageToImageSteps.ComfyUi(steps, Strength),
        _ => ImageToImageSteps.Diffusers(steps, Strength),
    };
}

/// <summary>Where and how an inpainted picture is repainted.</summary>
public sealed record MaskEdit
{
    public required InputPicture Picture { get; init; }

    public MaskMode Reading { get; init; } = MaskMode.White;

    /// <summary>Radius of Pillow's GaussianBlur in pixels of the picture sent, 0…64.</summary>
    public double Blur { get; init; } = FieldTable.DefaultMaskBlur;

    /// <summary>Pixels, 0…256.</summary>
    public int Grow { get; init; }

    public MaskFill Fill { get; init; } = MaskFill.Original;

    /// <summary>Work on the masked region alone, at full size, and paste it back.</summary>
    public bool OnlyMasked { get; init; }

    /// <summary>Pixels around the masked region that are worked on with it.</summary>
    public int Padding { get; init; } = FieldTable.DefaultPadding;

    /// <summary>Whether the answer has the picture's own size, whatever size was worked at: it has unless the caller gave one.</summary>
    public bool KeepsPictureSize { get; init; } = true;

    /// <summary>Whether the answer has the picture's own size: a region worked on alone goes back into the whole picture.</summary>
    [JsonIgnore]
    public bool AnswersPictureSize => KeepsPictureSize || OnlyMasked;
}

/// <summary>A ControlNet of a request, and the picture that it is shown.</summary>
public sealed record ControlOrder
{
    /// <summary>Id of the ControlNet.</summary>
    public required string Model { get; init; }

    public required InputPicture Picture { get; init; }

    /// <summary>0…2</summary>
    public double Weight { get; init; } = 1;

    /// <summary>It is asked at step i of n where Start ≤ i/n …</summary>
    public double Start { get; init; }

    /// <summary>… and (i + 1)/n ≤ End.</summary>
    public double End { get; init; } = 1;

    /// <summary>Whether it leads without the prompt: the negative lane is left alone, and the first blocks count for less.</summary>
    public bool Guess { get; init; }
}

/// <summary>What stands under the mask at the start.</summary>
public enum MaskFill { Original, Noise, Zero, Blur }

/// <summary>An upscaler run: as a task of its own, or on every finished picture.</summary>
/// <param name="Model">Id of the upscaler.</param>
/// <param name="Scale">1…8; null: the upscaler's own.</param>
/// <param name="Tile">Pixels of a tile's side; null: the upscaler's own.</param>
/// <param name="Overlap">Pixels that neighbouring tiles share; null: the upscaler's own.</param>
public sealed record UpscaleOrder(string Model, double? Scale, int? Tile = null, int? Overlap = null);
