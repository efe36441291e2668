using System.Globalization;
using System.Text.Json;

namespace Darkroom.TestKit;

/// <summary>
/// Compares one case with its golden and remembers the worst error as a share of what is allowed. On dispose a line goes to the report that
/// <c>./test conformance</c> sums up; the case fails with its first miss.
/// </summary>
public sealed class Measure(string group, string name) : IDisposable
{
    private readonly List<string> misses = [];

    /// <summary>Largest error seen, in the unit that the group states (relative to the largest golden value unless said otherwise).</summary>
    public double Worst { get; private set; }

    /// <summary>Every value within <paramref name="tolerance"/> · max(1, largest golden value).</summary>
    /// <param name="what">Named in the message of a miss.</param>
    /// <param name="golden">The stored values.</param>
    /// <param name="actual">Ours.</param>
    /// <param name="tolerance">Relative to the largest golden value.</param>
    /// <param name="counts">Whether the error counts for <see cref="Worst"/>; false for goldens that were stored rounded.</param>
    public void Close(string what, ReadOnlySpan<float> golden, ReadOnlySpan<float> actual, double tolerance, bool counts = true)
    {
        if (golden.Length != actual.Length)
        {
            Miss($"{what}: {actual.Length} values, golden has {golden.Length}");
            return;
        }
        double largest = 1;
        foreach (float value in golden)
            largest = Math.Max(largest, Math.Abs(value));
        for (int i = 0; i < golden.Length; i++)
        {
            if (float.IsNaN(golden[i]) && float.IsNaN(actual[i])) continue;
            double error = golden[i] == actual[i] ? 0 : Math.Abs((double)golden[i] - actual[i]) / largest;
            if (counts) Note(error);
            if (!(error <= tolerance))
            {
                Miss($"{what}[{i}]: {actual[i]:R}, golden {golden[i]:R}, error {error:E2} of {largest:G4}, allowed {tolerance:E1}");
                return;
            }
        }
    }

    /// <summary>Two lists of numbers, each within <paramref name="relative"/> · |golden| + <paramref name="absolute"/>.</summary>
    public void Numbers(string what, IReadOnlyList<double> golden, IReadOnlyList<double> actual, double relative, double absolute = 0)
    {
        if (golden.Count != actual.Count)
        {
            Miss($"{what}: {actual.Count} values, golden has {golden.Count}: [{string.Join(", ", actual.Take(12))}] for " +
                $"[{string.Join(", ", golden.Take(12))}]");
            return;
        }
        for (int i = 0; i < golden.Count; i++)
        {
            if (golden[i].Equals(actual[i])) continue;
            double error = Math.Abs(golden[i] - actual[i]);
            if (error <= relative * Math.Abs(golden[i]) + absolute) continue;
            Miss($"{what}[{i}]: {actual[i]:R}, golden {golden[i]:R}");
            return;
        }
    }

    /// <summary>Values of a picture: every one within 1 of 255, and at least 99.5 % identical.</summary>
    public void Pixels(string what, ReadOnlySpan<byte> golden, ReadOnlySpan<byte> actual)
    {
        Equal($"{what} values", golden.Length, actual.Length);
        if (golden.Length != actual.Length) return;
        int different = 0, furthest = 0;
        for (int i = 0; i < golden.Length; i++)
        {
            int distance = Math.Abs(golden[i] - actual[i]);
            if (distance > 0) different++;
            furthest = Math.Max(furthest, distance);
        }
        if (furthest > 1) Miss($"{what}: a value is {furthest} of 255 away");
        if (different > 0.005 * golden.Length) Miss($"{what}: {different} of {golden.Length} values differ");
    }

    /// <summary>Two values that must be equal.</summary>
    public void Equal<T>(string what, T golden, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(golden, actual))
            Miss($"{what}: {actual}, golden {golden}");
    }

    /// <summary>Something measured by the caller: fails where it is beyond the bound.</summary>
    public void Bound(string what, double error, double tolerance)
    {
        Note(error);
        if (!(error <= tolerance))
            Miss($"{what}: {error:E2}, allowed {tolerance:E1}");
    }

    public void Miss(string text) => misses.Add(text);

    public void Dispose()
    {
        Report.Write(group, name, misses.Count == 0, Worst);
        if (misses.Count > 0)
            throw new ConformanceException($"{group} {name}: {string.Join("; ", misses.Take(4))}" + (misses.Count > 4 ? $"; and {misses.Count - 4} more" : ""));
    }

    /// <summary>A number as the pack writes it: infinities and NaN are strings.</summary>
    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString() switch
        {
            "inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            var text => double.Parse(text!, CultureInfo.InvariantCulture),
        }
        : value.GetDouble();

    /// <summary>A list of numbers as the pack writes it.</summary>
    public static double[] NumberList(JsonElement list) => [.. list.EnumerateArray().Select(Number)];

    private void Note(double error)
    {
        if (!(error <= Worst)) Worst = error;
    }
}

/// <summary>A golden was missed.</summary>
public sealed class ConformanceException(string message) : Exception(message);

/// <summary>One line a case into the file that <c>DARKROOM_REPORT</c> names: group, case, passed or failed, worst error.</summary>
internal static class Report
{
    private static readonly Lock Gate = new();

    public static void Write(string group, string name, bool passed, double worst)
    {
        if (Environment.GetEnvironmentVariable("DARKROOM_REPORT") is not { Length: > 0 } path) return;
        lock (Gate)
            File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{group}\t{name}\t{(passed ? "passed" : "failed")}\t{worst:E2}\n"));
    }
}
