using Darkroom.Diffusion.Tensors;

namespace Darkroom.Engine.Scheduling;

/// <summary>What rows must agree in to share a call of a network.</summary>
/// <param name="Model">Id of the model.</param>
/// <param name="Kind">Which of its networks.</param>
/// <param name="Shape">Latents of one row; the picture for an encoder, the tile for an upscaler; default for texts.</param>
/// <param name="Signature">Names and shapes of the further inputs: conditioning length, token count.</param>
/// <param name="Timestep">The shared timestep where the graph takes one for the whole batch; null where every row has its own.</param>
internal readonly record struct BatchKey(string Model, NetworkKind Kind, LatentShape Shape, string Signature, double? Timestep)
{
    /// <summary>LoRAs that are merged into the network; empty for the model's own.</summary>
    public string Variant { get; init; } = "";

    /// <summary>
    /// Content hash of the model's or upscaler's files: rows that began with files which were replaced since share no call with those that have the new ones.
    /// </summary>
    public string Content { get; init; } = "";

    /// <summary>What the cost of a call is kept by: the same for every text and timestep.</summary>
    public CostKey Cost => new(Model, Kind, Shape);
}

/// <summary>A network at a size: what the cost of a call is kept by, beside the number of evaluations in it.</summary>
internal readonly record struct CostKey(string Model, NetworkKind Kind, LatentShape Shape);

/// <summary>One call of a network that a row needs now: the unit that batches.</summary>
/// <param name="Row">The row's number in the engine.</param>
/// <param name="Lane">Which of the row's lanes: negative and positive of guidance are evaluations of their own.</param>
/// <param name="Key">What it may be batched with.</param>
internal readonly record struct Evaluation(int Row, int Lane, BatchKey Key);
