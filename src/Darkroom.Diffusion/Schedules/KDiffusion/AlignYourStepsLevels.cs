namespace Darkroom.Diffusion.Schedules.KDiffusion;

/// <summary>The published schedules were optimised for one kind of model each.</summary>
public enum AlignYourStepsModel
{
    StableDiffusion1,
    StableDiffusionXl,
}

/// <summary>
/// Sabour et al. 2024, "Align Your Steps: Optimizing Sampling Schedules in Diffusion Models": published levels for ten steps, other counts by
/// linear interpolation of log σ. The programs carry the table to a different number of digits and end it differently.
/// </summary>
public static class AlignYourStepsLevels
{
    private static readonly double[] A1111Sd1 = [14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.029];
    private static readonly double[] A1111Sdxl = [14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.029];

    private static readonly double[] ComfySd1 =
    [
        14.6146412293, 6.4745760956, 3.8636745985, 2.6946151520, 1.8841921177, 1.3943805092,
        0.9642583904, 0.6523686016, 0.3977456272, 0.1515232662, 0.0291671582,
    ];

    private static readonly double[] ComfySdxl =
    [
        14.6146412293, 6.3184485287, 3.7681790315, 2.1811480769, 1.3405244945, 0.8620721141,
        0.5550693289, 0.3798540708, 0.2332364134, 0.1114188177, 0.0291671582,
    ];

    /// <summary>A1111: n levels down to the table's last, and a zero.</summary>
    public static double[] A1111(int n, AlignYourStepsModel model) =>
        Levels.ThenZero(Resample(model == AlignYourStepsModel.StableDiffusionXl ? A1111Sdxl : A1111Sd1, n));

    /// <summary>ComfyUI: n + 1 levels of which the last becomes zero.</summary>
    public static double[] Comfy(int n, AlignYourStepsModel model) =>
        Levels.ThenZero(Resample(model == AlignYourStepsModel.StableDiffusionXl ? ComfySdxl : ComfySd1, n + 1)[..n]);

    /// <summary>The table at evenly spaced places, counted from its small end: one level is the smallest.</summary>
    private static double[] Resample(double[] table, int count)
    {
        if (count == table.Length) return table;
        double[] result = CheckpointBetas.Linspace(0, table.Length - 1, count);
        for (int i = 0; i < count; i++)
        {
            int below = Math.Min((int)result[i], table.Length - 2);
            double low = Math.Log(table[table.Length - 1 - below]), high = Math.Log(table[table.Length - 2 - below]);
            result[i] = Math.Exp(low + (high - low) * (result[i] - below));
        }
        Array.Reverse(result);
        return result;
    }
}
