using Darkroom.Models.Graphs.Observing;
using Darkroom.Models.Text;

namespace Darkroom.Models.Families;

/// <summary>What the denoiser is given for one row of a call, and where its answer goes.</summary>
/// <param name="Latents">The row's latents, C · h · w values.</param>
/// <param name="InputScale">The network's input is latents · this.</param>
/// <param name="Timestep">In training timesteps.</param>
/// <param name="Conditioning">Text and the like.</param>
/// <param name="Output">Receives the network's raw output, same length as the latents.</param>
public readonly record struct DenoiserRow(
    ReadOnlyMemory<float> Latents, double InputScale, double Timestep, Conditioning Conditioning, Memory<float> Output)
{
    /// <summary>Further channels of the latents' input, unscaled: mask and masked picture of an inpainting network, [C + 1, h, w].</summary>
    public ReadOnlyMemory<float> MoreChannels { get; init; }

    /// <summary>What ControlNets add, in the order of the graph's inputs for it; null: nothing.</summary>
    public IReadOnlyList<float[]>? Residuals { get; init; }

    /// <summary>Takes what the denoiser gives beside its answer; null: nobody does.</summary>
    public Observer? Observer { get; init; }
}
