namespace Darkroom.Models.Fields;

/// <summary>The tasks that take a field.</summary>
[Flags]
public enum FieldTasks
{
    Txt2img = 1,
    Img2img = 2,
    Inpaint = 4,
    Outpaint = 8,
    Upscale = 16,

    /// <summary>Those that work on a picture with a prompt.</summary>
    Edits = Img2img | Inpaint | Outpaint,

    /// <summary>Those that a diffusion model answers.</summary>
    Generations = Txt2img | Edits,

    All = Generations | Upscale,
}
