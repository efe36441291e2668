using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Darkroom.TestKit;

namespace Darkroom.Diffusion.Tests.Noise;

/// <summary>How the pack writes a draw: all values, or the first and last 64, with mean and SHA-256 of the whole.</summary>
internal static class Draws
{
    /// <summary>Seeds are strings or numbers, negative or beyond 2⁶³.</summary>
    public static ulong Seed(JsonElement seed)
    {
        string text = seed.ValueKind == JsonValueKind.String ? seed.GetString()! : seed.GetRawText();
        return text.StartsWith('-')
            ? unchecked((ulong)long.Parse(text, CultureInfo.InvariantCulture))
            : ulong.Parse(text, CultureInfo.InvariantCulture);
    }

    public static int[] Shape(JsonElement draw) => [.. draw.GetProperty("shape").EnumerateArray().Select(v => v.GetInt32())];

    public static int Count(JsonElement draw) => Shape(draw).Aggregate(1, (a, b) => a * b);

    public static float[] Values(JsonElement list) => [.. list.EnumerateArray().Select(v => (float)v.GetDouble())];

    public static void Exact(Measure measure, string what, JsonElement draw, ReadOnlySpan<float> actual)
    {
        Close(measure, what, draw, actual, 0);
        measure.Equal(what + " sha256", draw.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(actual))));
    }

    public static void Close(Measure measure, string what, JsonElement draw, ReadOnlySpan<float> actual, double tolerance)
    {
        measure.Equal(what + " count", Count(draw), actual.Length);
        if (draw.TryGetProperty("values", out var values))
        {
            measure.Close(what, Values(values), actual, tolerance);
        }
        else
        {
            float[] first = Values(draw.GetProperty("first")), last = Values(draw.GetProperty("last"));
            measure.Close(what + " first", first, actual[..first.Length], tolerance);
            measure.Close(what + " last", last, actual[^last.Length..], tolerance);
        }
        double mean = 0;
        foreach (float value in actual)
            mean += value;
        measure.Numbers(what + " mean", [draw.GetProperty("mean").GetDouble()], [mean / actual.Length], 0, Math.Max(tolerance, 1e-12));
    }
}
