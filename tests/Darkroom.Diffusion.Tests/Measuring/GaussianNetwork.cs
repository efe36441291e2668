using Darkroom.Diffusion.Measuring;

namespace Darkroom.Diffusion.Tests.Measuring;

/// <summary>The denoiser of data from N(mean, deviation²), in closed form: what a perfect network would answer.</summary>
internal sealed class GaussianNetwork(double mean, double deviation)
{
    /// <summary>E[x₀ | x] = mean + α·d²/(α²d² + σ²)·(x − α·mean), and from it what the network predicts.</summary>
    public float[] Answer(TrainingLevel level, float[] noised)
    {
        double signal = level.Alpha * deviation, variance = signal * signal + level.Sigma * level.Sigma;
        var clean = new float[noised.Length];
        var noise = new float[noised.Length];
        for (int i = 0; i < noised.Length; i++)
        {
            double off = noised[i] - level.Alpha * mean;
            clean[i] = (float)(mean + level.Alpha * deviation * deviation / variance * off);
            noise[i] = (float)(level.Sigma / variance * off);
        }
        var output = new float[noised.Length];
        level.Target(output, clean, noise);
        return output;
    }

    /// <summary>ln of the density.</summary>
    public double LogDensity(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values) sum += Math.Pow((value - mean) / deviation, 2);
        return -0.5 * (sum + values.Length * Math.Log(2 * Math.PI * deviation * deviation));
    }
}
