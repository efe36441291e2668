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
    Denoise = 32,
    Classify = 64,
    Likelihood = 128,
    Features = 256,

    /// <summary>Those that work on a picture with a prompt.</summary>
    Edits = Img2img | Inpaint | Outpaint,

    /// <summary>Those that a diffusion model answers.</summary>
    Generations = Txt2img | Edits,

    /// <summary>Those that a diffusion model looks at a picture in, and paints nothing.</summary>
    Looks = Denoise | Classify | Likelihood | Features,

    /// <summary>Those whose answer is pictures.</summary>
    Pictures = Generations | Upscale | Denoise,

    All = Pictures | Looks,
}
