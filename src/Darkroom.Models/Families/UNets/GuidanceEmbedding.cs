using Darkroom.Models.Text;

namespace Darkroom.Models.Families.UNets;

/// <summary>The guidance scale as an input of a U-Net that was distilled from guided answers (Meng et al. 2022; Luo et al. 2023, section 4.2).</summary>
internal static class GuidanceEmbedding
{
    public const string Input = "timestep_cond";

    private const float Scale = 1000, MaxPeriod = 10000;

    /// <summary>sin and cos of 1000 · (scale − 1) · 10000^(−i / (n − 1)), i = 0 … n − 1 with n half of the width; an odd width ends in 0. // [width]</summary>
    /// <param name="guidance">The scale; 1 means none.</param>
    /// <param name="width">Of the graph's input, at least 2.</param>
    public static NamedTensor Of(double guidance, int width)
    {
        int half = width / 2;
        float weight = (float)(guidance - 1) * Scale;
        float rate = half > 1 ? (float)(Math.Log(MaxPeriod) / (half - 1)) : 0;
        var values = new float[width];
        for (int i = 0; i < half; i++)
        {
            float angle = weight * MathF.Exp(i * -rate);
            values[i] = MathF.Sin(angle);
            values[half + i] = MathF.Cos(angle);
        }
        return new NamedTensor(Input, [width], values);
    }
}
