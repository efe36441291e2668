using Darkroom.Diffusion.Tensors;

namespace Darkroom.Models.Families;

/// <summary>
/// Latents as a list of patches, as FLUX's transformer takes them, and where each patch stands. What a patch holds is diffusers' order: channel, row, column.
/// </summary>
internal static class PackedLatents
{
    /// <summary>Inputs for the places of patches and of the text's tokens, [patches, 3] and [tokens, 3].</summary>
    public const string ImageIds = "img_ids", TextIds = "txt_ids";

    /// <summary>Cells of a patch along a side.</summary>
    public const int Patch = 2;

    /// <summary>Numbers of a place: 0, row, column.</summary>
    public const int PlaceLength = 3;

    public static int Count(LatentShape shape) => shape.Height / Patch * (shape.Width / Patch);

    /// <param name="latents">[C, h, w]</param>
    /// <param name="shape">Of these; sides are even.</param>
    /// <param name="packed">Receives [h/2 · w/2, 4 C].</param>
    public static void Pack(ReadOnlySpan<float> latents, LatentShape shape, Span<float> packed)
    {
        for (int from = 0; from < latents.Length; from++) packed[Place(from, shape)] = latents[from];
    }

    /// <summary>The way back.</summary>
    public static void Unpack(ReadOnlySpan<float> packed, LatentShape shape, Span<float> latents)
    {
        for (int to = 0; to < latents.Length; to++) latents[to] = packed[Place(to, shape)];
    }

    /// <summary>0, row and column of every patch. // [h/2 · w/2, 3]</summary>
    public static void WritePlaces(LatentShape shape, Span<float> places)
    {
        int wide = shape.Width / Patch;
        for (int patch = 0; patch < Count(shape); patch++)
        {
            places[patch * PlaceLength] = 0;
            places[patch * PlaceLength + 1] = patch / wide;
            places[patch * PlaceLength + 2] = patch % wide;
        }
    }

    private static int Place(int index, LatentShape shape)
    {
        int x = index % shape.Width, y = index / shape.Width % shape.Height, channel = index / (shape.Width * shape.Height);
        int patch = y / Patch * (shape.Width / Patch) + x / Patch;
        return (patch * shape.Channels + channel) * Patch * Patch + y % Patch * Patch + x % Patch;
    }
}
