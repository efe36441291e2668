using Darkroom.Server.Configuration.Rows;
using Darkroom.Server.Generation.Validation;

namespace Darkroom.Server.Configuration.Groups;

/// <summary>How much work one request may ask for.</summary>
internal static class LimitsGroup
{
    public static readonly SettingGroup Group = new(
        "Limits of one request", "More is a 422 that names field, limit and value, before anything is stored or run.");

    private static readonly RequestLimits Usual = new();

    private static readonly Setting<int> TextChunks = Group.Number(
        "Limits:TextChunks", new NumberKind<int>(1, 1_000_000, "chunks"), Usual.TextChunks,
        "Chunks (of 77 tokens, for CLIP) that the text encoders are asked for: different texts (alternatives and switches make them) × chunks of the "
        + "longest, from its bytes.");

    private static readonly Setting<int> TextMemory = Group.Number(
        "Limits:TextMiB", new NumberKind<int>(1, 65_536, "MiB"), Usual.TextMiB, "What the texts become.");

    private static readonly Setting<int> Windows = Group.Number(
        "Limits:Windows", new NumberKind<int>(1, 100_000, "windows"), Usual.Windows, "Windows that an outpainted picture is painted in.");

    private static readonly Setting<int> Tiles = Group.Number(
        "Limits:Tiles", new NumberKind<int>(1, 10_000_000, "tiles"), Usual.Tiles,
        "Tiles of an upscaler, over all passes and pictures, a model's default upscaling included.");

    private static readonly Setting<double> MegapixelSteps = Group.Number(
        "Limits:MegapixelSteps", new NumberKind<double>(0.001, 1e9, "megapixel-steps"), Usual.MegapixelSteps,
        "Megapixels × calls of the denoiser, over all windows and pictures; a guidance pair counts once.");

    public static DarkroomSettings Read(SettingsReader section, DarkroomSettings settings) => settings with
    {
        Limits = new()
        {
            TextChunks = section.Read(TextChunks),
            TextMiB = section.Read(TextMemory),
            Windows = section.Read(Windows),
            Tiles = section.Read(Tiles),
            MegapixelSteps = section.Read(MegapixelSteps),
        },
    };
}
