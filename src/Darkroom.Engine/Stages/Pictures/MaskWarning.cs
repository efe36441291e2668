using Darkroom.Imaging.Masks;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>The sentence for a mask that repaints nothing or everything: what was seen, and what to send.</summary>
internal static class MaskWarning
{
    public const string TooFine =
        "mask: nothing was repainted: what it marks is finer than the model's latents; use a larger mask_grow";

    /// <returns>Null where the mask divides the picture.</returns>
    public static string? Of(MaskFacts facts, MaskMode mode) =>
        facts.RepaintsNothing ? facts.Brightest >= MaskFacts.Half ? LostInBlur : $"mask: nothing was repainted: {Nothing(facts.Brightest, mode)}"
        : facts.RepaintsEverything ? facts.Darkest < MaskFacts.Half ? GrownOver : $"mask: the whole picture was repainted: {Everything(facts.Darkest, mode)}"
        : null;

    private const string LostInBlur =
        "mask: nothing was repainted: after the blur no pixel of it is at least a half; use a smaller mask_blur or a larger mask_grow";

    private const string GrownOver =
        "mask: the whole picture was repainted: after mask_grow and mask_blur every pixel of it is at least a half; use smaller ones";

    // A level is that of the mask as it was read: 255 is repainted, whatever the mode.
    private static string Nothing(byte brightest, MaskMode mode) => mode switch
    {
        MaskMode.Black => $"its darkest pixel has {255 - brightest} of 255, and up to 127 counts as black; "
            + "send 0 for what is to be repainted, or mask_mode 'white'",
        MaskMode.Alpha => $"its most transparent pixel has an alpha of {255 - brightest} of 255, and up to 127 counts as transparent; "
            + "send 0 for what is to be repainted",
        _ => $"its brightest pixel has {brightest} of 255, and 128 and more counts as white; "
            + $"send 255 for what is to be repainted{(brightest == 0 ? ", or mask_mode 'black'" : "")}",
    };

    private static string Everything(byte darkest, MaskMode mode) => mode switch
    {
        MaskMode.Black => $"its brightest pixel has {255 - darkest} of 255, and up to 127 counts as black; send 255 for what is to stand",
        MaskMode.Alpha => $"its least transparent pixel has an alpha of {255 - darkest} of 255, and up to 127 counts as transparent; "
            + "send 255 for what is to stand",
        _ => $"its darkest pixel has {darkest} of 255, and 128 and more counts as white; send 0 for what is to stand",
    };
}
