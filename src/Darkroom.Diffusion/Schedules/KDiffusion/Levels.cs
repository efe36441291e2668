namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>
/// How the rules of this folder hand out noise levels: as k-diffusion's float32 numbers, held in doubles. The rules follow torch's float32
/// operations one by one, since a Brownian tree is asked at these very numbers and a last digit moves its noise.
/// </summary>
internal static class Levels
{
    /// <summary>f of each value.</summary>
    public static double[] Of(ReadOnlySpan<float> values, Func<float, float> f)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = f(values[i]);
        return result;
    }

    /// <summary>The levels as float32 numbers, and a closing zero.</summary>
    public static double[] ThenZero(IReadOnlyList<double> levels)
    {
        var result = new double[levels.Count + 1];
        for (int i = 0; i < levels.Count; i++)
            result[i] = (float)levels[i];
        return result;
    }
}
