using Darkroom.Diffusion.Samplers;
using Darkroom.Models.Catalog;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>The autoencoder's encoder: pixels to the distribution that the latents are drawn from.</summary>
public sealed class LatentEncoder : IGraphPart
{
    private readonly OnnxGraph graph;
    private readonly string[] outputs;
    private readonly FixedBatch batch;
    private readonly int channels, factor, pictureChannels;
    private readonly AutoencoderScale scale;

    /// <param name="graph">The encoder's graph.</param>
    /// <param name="channels">Channels of the latents.</param>
    /// <param name="scalingFactor">Latents · this is what the denoiser sees …</param>
    /// <param name="shiftFactor">… after this was taken off.</param>
    /// <param name="factor">Pixels per latent cell, along a side.</param>
    /// <param name="pictureChannels">Channels of the pictures.</param>
    /// <exception cref="GraphException">The graph has not the input or output of an encoder.</exception>
    public LatentEncoder(OnnxGraph graph, int channels, double scalingFactor, double shiftFactor, int factor, int pictureChannels)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        this.factor = factor;
        this.channels = channels;
        this.pictureChannels = pictureChannels;
        scale = new() { ScalingFactor = scalingFactor, ShiftFactor = shiftFactor };
        if (graph.Inputs.Count != 1 || graph.Inputs[0].Rank != 4)
            throw new GraphException($"the encoder takes {GraphPort.NamesOf(graph.Inputs)} where one picture was expected");
        batch = FixedBatch.OfPictures(graph);
        outputs = [graph.Outputs[0].Name];
    }

    /// <summary>Encodes pictures of one size. Result i belongs to picture i, [C, height, width] in [−1, 1].</summary>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="pictures">C · height · width values each.</param>
    /// <param name="given">What stands between the denoiser's latents and these; null: what the encoder was opened with.</param>
    /// <exception cref="GraphException">The graph refused the call, or answered in another shape.</exception>
    public IReadOnlyList<EncodedPicture> Run(int width, int height, IReadOnlyList<ReadOnlyMemory<float>> pictures, AutoencoderScale? given = null)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (!batch.Takes(pictures.Count)) return batch.Run(pictures, group => Run(width, height, group, given));
        var results = new EncodedPicture[pictures.Count];
        graph.Run(
            [[pictures.Count, pictureChannels, height, width]], outputs,
            (Self: this, Width: width, Height: height, Pictures: pictures, Results: results, Scale: given ?? scale),
            static (binding, call) =>
            {
                for (int row = 0; row < call.Pictures.Count; row++)
                    binding.Write(call.Self.graph.Inputs[0].Name, row, call.Pictures[row].Span);
            },
            static (binding, call) =>
            {
                var self = call.Self;
                var sides = binding.ShapeOf(self.outputs[0]); // [B, C or 2C, h, w]
                // Exports of optimum give mean and log-variance; diffusers' old script draws inside the graph and gives latents.
                bool moments = sides.Length == 4 && sides[1] == 2 * self.channels;
                binding.Expect(
                    self.outputs[0], call.Results.Length, (moments ? 2 : 1) * self.channels, call.Height / self.factor, call.Width / self.factor);
                for (int row = 0; row < call.Results.Length; row++)
                {
                    var values = new float[binding.RowLength(self.outputs[0])];
                    binding.Read(self.outputs[0], row, values);
                    call.Results[row] = new EncodedPicture(values, moments, call.Scale.ScalingFactor, call.Scale.ShiftFactor);
                }
            });
        return results;
    }

    OnnxGraph IGraphPart.Graph => graph;

    public void Dispose() => graph.Dispose();
}

/// <summary>What the encoder made of a picture.</summary>
/// <param name="values">Mean and log-variance, [2C, h, w]; or latents, [C, h, w].</param>
/// <param name="areMoments">Which of the two.</param>
/// <param name="scaling">Factor to the denoiser's latents.</param>
/// <param name="shift">Taken off before.</param>
public sealed class EncodedPicture(float[] values, bool areMoments, double scaling, double shift)
{
    // diffusers' clamp of the log-variance.
    private const float MinLogVariance = -30, MaxLogVariance = 20;

    /// <summary>Mean and log-variance, [2C, h, w], or latents as the graph drew them.</summary>
    public ReadOnlySpan<float> Values => values;

    /// <summary>The same with other values: those of a picture that this one is a tile of.</summary>
    /// <param name="whole">[2C, h, w] or [C, h, w], as this one's.</param>
    public EncodedPicture With(float[] whole) => new(whole, areMoments, scaling, shift);

    /// <summary>The likeliest latents as they come out of the encoder, neither shifted nor scaled; those that the graph drew are what it drew.</summary>
    /// <param name="latents">Receives C · h · w values.</param>
    public void Mode(Span<float> latents) => values.AsSpan(0, latents.Length).CopyTo(latents);

    /// <summary>The likeliest of the latents that the denoiser works on: (mean − shift) · scaling. No draw is taken.</summary>
    /// <param name="latents">Receives C · h · w values.</param>
    public void Likeliest(Span<float> latents)
    {
        for (int i = 0; i < latents.Length; i++) latents[i] = (float)((values[i] - shift) * scaling);
    }

    /// <summary>
    /// Draws the latents that the denoiser works on: (mean + exp(½ · logvar) · noise − shift) · scaling. One draw is taken, unless the graph drew itself.
    /// </summary>
    /// <param name="latents">Receives C · h · w values.</param>
    /// <param name="noise">The row's own noise.</param>
    public void Sample(Span<float> latents, INoiseSource noise)
    {
        ArgumentNullException.ThrowIfNull(noise);
        if (areMoments)
        {
            noise.Normal(latents);
            for (int i = 0; i < latents.Length; i++)
                latents[i] = values[i] + MathF.Exp(0.5f * Math.Clamp(values[latents.Length + i], MinLogVariance, MaxLogVariance)) * latents[i];
        }
        else
        {
            values.CopyTo(latents);
        }
        for (int i = 0; i < latents.Length; i++)
            latents[i] = (float)((latents[i] - shift) * scaling);
    }
}
