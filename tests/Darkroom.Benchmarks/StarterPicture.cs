using Darkroom.Diffusion.Guidance;
using Darkroom.Diffusion.Noise;
using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Families;
using Darkroom.Models.Pool;
using Darkroom.Models.Residency;
using Darkroom.Models.Text;

namespace Darkroom.Benchmarks;

/// <summary>Pictures of the starter, made in one thread without the engine, to compare networks by.</summary>
internal static class StarterPicture
{
    private static readonly string[] Subjects =
        ["red apple", "fox", "cup of coffee", "sailing boat", "yellow car", "owl", "house", "guitar"];

    /// <summary>A picture of 20 steps by DDIM with a guidance of 2.5, as 8-bit values.</summary>
    public static byte[] Draw(IDiffusionModel model, int index) => Draw(model, Subjects[index % Subjects.Length] + ", 3d render", 100 + index).Values;

    /// <summary>The same of any prompt: 8-bit values, [3, height, width].</summary>
    public static (int Width, int Height, byte[] Values) Draw(IDiffusionModel model, string prompt, int seed)
    {
        var description = model.Description;
        var shape = description.LatentsOf(description.NativeSize, description.NativeSize);
        var sampler = SamplerFactory.Create(new SamplerChoice
        {
            Sampler = "ddim", ModelClass = description.SamplerClass, ModelConfig = description.SamplerConfig, Steps = 20,
        });
        var noise = new NoNoise();
        float[] latents = new float[shape.Length], plain = new float[shape.Length], prompted = new float[shape.Length];
        new TorchCpuGenerator((ulong)seed).Normal(latents);
        for (int i = 0; i < latents.Length; i++) latents[i] *= (float)sampler.InitialScale;
        var state = new SamplerState(sampler, shape.Length);
        var conditions = Encode(model, ["", prompt]);
        sampler.Start(state, latents, noise);
        while (sampler.Next(state, out var point))
        {
            DenoiserRow[] rows =
            [
                new(latents, point.InputScale, point.Timestep, conditions[0], plain), new(latents, point.InputScale, point.Timestep, conditions[1], prompted),
            ];
            model.Denoiser.Run(shape, rows, RunWidth.Wide);
            ClassifierFreeGuidance.Apply(prompted, plain, prompted, 2.5);
            sampler.Advance(state, prompted, latents, noise);
        }
        var picture = model.Decoder.Decode(shape, [latents], RunWidth.Wide)[0];
        return (picture.Width, picture.Height, [.. picture.Values.Select(value => (byte)Math.Clamp(MathF.Round((value + 1) * 127.5f), 0, 255))]);
    }

    /// <summary>What the denoiser is given for texts.</summary>
    public static Conditioning[] Encode(IDiffusionModel model, string[] prompts)
    {
        var size = new RowConditions { Width = model.Description.NativeSize, Height = model.Description.NativeSize };
        return [.. model.Tokenize([.. prompts.Select(prompt => new PromptText(prompt))], TextReading.Plain).Select(text => model.ForRow(
            model.Condition(text, [.. model.TextEncoders.Select((encoder, part) => encoder.Encode([text.Encoders[part]], RunWidth.Wide)[0])]), size))];
    }

    /// <summary>Peak signal to noise ratio of 8-bit values, dB.</summary>
    public static double Ratio(byte[] one, byte[] other)
    {
        double sum = one.Zip(other, (left, right) => (double)(left - right) * (left - right)).Sum();
        return sum == 0 ? 99 : 10 * Math.Log10(255.0 * 255 * one.Length / sum);
    }

    /// <summary>DDIM draws none.</summary>
    private sealed class NoNoise : INoiseSource
    {
        public void Normal(Span<float> destination) => throw new InvalidOperationException();

        public void Increment(double sigma, double sigmaNext, Span<float> destination) => throw new InvalidOperationException();
    }
}
