using Darkroom.Diffusion.Measuring;
using Darkroom.Diffusion.Samplers;
using Darkroom.Engine.Jobs;
using Darkroom.Imaging;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// A picture whose noise is taken out: how much there is of it, and where the reverse process begins. Of a pixel-space model that is the noise itself. An
/// autoencoder makes other noise of it, whose level is measured: the picture is encoded once more with as much noise again, and the latents differ by what
/// such noise becomes.
/// </summary>
/// <param name="work">The pixels.</param>
/// <param name="order">What was asked.</param>
/// <param name="isPixels">Whether the latents are the pixels.</param>
/// <param name="noise">The row's own.</param>
internal sealed class NoisyPicture(PictureWork work, DenoiseOrder order, bool isPixels, INoiseSource noise) : IEncodedInputs
{
    /// <summary>Values lie between −1 and 1: the full scale is 2.</summary>
    private const double FullScale = 2;

    /// <summary>An eighth of a step of 8 bits: less is none.</summary>
    private const double MinNoise = FullScale / 255 / 8;

    private double deviation; // of the picture's noise, where the full scale is 2

    public int Width => work.Width;

    public int Height => work.Height;

    public IReadOnlyList<float[]> Inputs { get; private set; } = [];

    public EncodedPicture?[] Encoded { get; private set; } = [];

    /// <summary>Whether there is no noise to take out.</summary>
    public bool IsClean => deviation < MinNoise;

    public void Open()
    {
        float[] picture = PixelConversion.ToNetwork(work.Canvas(0));
        deviation = order.Noise is { } given ? FullScale * given : NoiseEstimate.Of(picture, Width, Height);
        Inputs = isPixels || IsClean ? [picture] : [picture, Noisier(picture)];
        Encoded = new EncodedPicture?[Inputs.Count];
    }

    /// <summary>What was found.</summary>
    /// <param name="length">Values of the latents.</param>
    public NoiseFound Find(int length) => new(deviation / FullScale, order.Strength * (isPixels || IsClean ? deviation : Difference(length)));

    /// <summary>Sets the latents to where the sampler begins: as they are, in the sampler's own scale.</summary>
    public void Start(float[] latents, ISampler sampler, int begin)
    {
        Encoded[0]!.Likeliest(latents);
        sampler.AddNoise(latents, new float[latents.Length], begin);
    }

    private float[] Noisier(float[] picture)
    {
        var result = new float[picture.Length];
        noise.Normal(result);
        for (int i = 0; i < result.Length; i++) result[i] = (float)(picture[i] + deviation * result[i]);
        return result;
    }

    /// <summary>Root mean square of what the noise became. // [C, h, w]</summary>
    private double Difference(int length)
    {
        var (first, second) = (new float[length], new float[length]);
        Encoded[0]!.Likeliest(first);
        Encoded[1]!.Likeliest(second);
        double sum = 0;
        for (int i = 0; i < length; i++) sum += Math.Pow((double)second[i] - first[i], 2);
        return Math.Sqrt(sum / length);
    }
}
