using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.Imaging.Tests.Conformance;

/// <summary>The group <c>images</c> of the pack in use: a list in images.json, the pictures it names, and how two pictures are compared.</summary>
internal static class ImagesPack
{
    /// <summary>The entries of one list, with their place in it; none where the pack has no such group.</summary>
    public static IEnumerable<(string Name, JsonElement Case)> Cases(string list)
    {
        if (!ConformancePack.Has("images", "images.json")) yield break;
        if (!ConformancePack.Json("images", "images.json").TryGetProperty(list, out var entries)) yield break;
        int index = 0;
        foreach (var entry in entries.EnumerateArray()) yield return ($"{list}/{index++}", entry);
    }

    public static string Text(this JsonElement entry, string field) => entry.GetProperty(field).GetString()!;

    public static int Number(this JsonElement entry, string field) => entry.GetProperty(field).GetInt32();

    public static Picture Picture(this JsonElement entry, string field) =>
        PictureDecoder.Decode(File.ReadAllBytes(ConformancePack.PathOf("images", entry.Text(field))));

    /// <summary>Every level within the bound.</summary>
    public static void Levels(this Measure measure, string what, Picture golden, Picture actual, int tolerance)
    {
        measure.Equal($"{what}: size", (golden.Width, golden.Height, golden.Channels), (actual.Width, actual.Height, actual.Channels));
        if (golden.Pixels.Length == actual.Pixels.Length)
            measure.Bound($"{what}: largest difference in levels", golden.Pixels.Zip(actual.Pixels, (a, b) => Math.Abs(a - b)).DefaultIfEmpty(0).Max(),
                tolerance);
    }
}
