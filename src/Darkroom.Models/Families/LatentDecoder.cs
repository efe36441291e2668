using System.Buffers;
using Darkroom.Diffusion.Tensors;
using Darkroom.Models.Catalog;
using Darkroom.Models.Sessions;

namespace Darkroom.Models.Families;

/// <summary>The autoencoder's decoder: latents to pixels.</summary>
public sealed class LatentDecoder : IGraphPart
{
    private readonly OnnxGraph graph;
    private readonly string input;
    private readonly FixedBatch batch;
    private readonly string[] outputs;
    private readonly AutoencoderScale scale;
    private readonly int factor, pictureChannels;

    /// <param name="graph">The decoder's graph.</param>
    /// <param name="scalingFactor">Latents are divided by this first.</param>
    /// <param name="shiftFactor">Then this is added.</param>
    /// <param name="factor">Pixels per latent cell, along a side.</param>
    /// <param name="pictureChannels">Channels of the pictures.</param>
    /// <exception cref="GraphException">The graph has not the input or output of a decoder.</exception>
    public LatentDecoder(OnnxGraph graph, double scalingFactor, double shiftFactor, int factor, int pictureChannels)
    {
        ArgumentNullException.ThrowIfNull(graph);
        this.graph = graph;
        this.factor = factor;
        this.pictureChannels = pictureChannels;
        scale = new() { ScalingFactor = scalingFactor, ShiftFactor = shiftFactor };
        if (graph.Inputs.Count != 1 || graph.Outputs.Count != 1 || graph.Inputs[0].Rank != 4)
            throw new GraphException(
                $"the decoder takes {GraphPort.NamesOf(graph.Inputs)} and gives {GraphPort.NamesOf(graph.Outputs)} where one picture each was expected");
        input = graph.Inputs[0].Name;
        batch = FixedBatch.OfPictures(graph);
        outputs = [graph.Outputs[0].Name];
    }

    /// <summary>Channels of the latents, where the graph fixes them; else −1.</summary>
    public int Channels => graph.Inputs[0].Shape[1];

    /// <summary>Decodes latents of one shape. Result i holds picture i, [C, H, W] in [−1, 1], not clamped.</summary>
    /// <param name="shape">Of each.</param>
    /// <param name="latents">C · h · w values each, as the denoiser has them.</param>
    /// <param name="given">What stands between the denoiser's latents and these; null: what the decoder was opened with.</param>
    /// <exception cref="GraphException">The graph refused the call, or answered with pictures of another size.</exception>
    public IReadOnlyList<DecodedPicture> Run(LatentShape shape, IReadOnlyList<ReadOnlyMemory<float>> latents, AutoencoderScale? given = null)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (!batch.Takes(latents.Count)) return batch.Run(latents, group => Run(shape, group, given));
        var results = new DecodedPicture[latents.Count];
        graph.Run(
            [[latents.Count, shape.Channels, shape.Height, shape.Width]], outputs,
            (Self: this, Shape: shape, Latents: latents, Results: results, Scale: given ?? scale),
            static (binding, call) =>
            {
                for (int row = 0; row < call.Latents.Count; row++)
                    call.Self.Write(binding, row, call.Latents[row].Span, call.Scale);
            },
            static (binding, call) =>
            {
                string output = call.Self.outputs[0];
                var (width, height) = (call.Shape.Width * call.Self.factor, call.Shape.Height * call.Self.factor);
                binding.Expect(output, call.Results.Length, call.Self.pictureChannels, height, width); // [B, C, H, W]
                for (int row = 0; row < call.Results.Length; row++)
                {
                    var values = new float[binding.RowLength(output)];
                    binding.Read(output, row, values);
                    call.Results[row] = new DecodedPicture(width, height, values);
                }
            });
        return results;
    }

    OnnxGraph IGraphPart.Graph => graph;

    public void Dispose() => graph.Dispose();

    private void Write(GraphBinding binding, int row, ReadOnlySpan<float> latents, AutoencoderScale scale)
    {
        double factor = 1 / scale.ScalingFactor;
        if (scale.ShiftFactor == 0)
        {
            binding.Write(input, row, latents, (float)factor);
            return;
        }
        var shifted = ArrayPool<float>.Shared.Rent(latents.Length);
        for (int i = 0; i < latents.Length; i++) shifted[i] = (float)(latents[i] * factor + scale.ShiftFactor);
        binding.Write(input, row, shifted.AsSpan(0, latents.Length));
        ArrayPool<float>.Shared.Return(shifted);
    }
}

/// <summary>A decoded picture as the network gave it: [C, Height, Width] in [−1, 1], not clamped.</summary>
public sealed record DecodedPicture(int Width, int Height, float[] Values);
