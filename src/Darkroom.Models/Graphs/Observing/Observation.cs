namespace Darkroom.Models.Graphs.Observing;

/// <summary>What a denoiser is to give beside its answer. One that is opened so batches with those alone that give the same.</summary>
/// <param name="Attention">Whether it gives the mean over the heads of every attention to the text, [S, T] a row, in the graph's order.</param>
/// <param name="Layers">Layers, nodes or values that it gives as they are, behind those.</param>
public sealed record Observation(bool Attention, IReadOnlyList<string> Layers)
{
    /// <summary>Every attention to the text.</summary>
    public static Observation OfAttention { get; } = new(true, []);

    /// <summary>What its calls are kept apart by.</summary>
    public string Variant => $"observed:{(Attention ? "attention" : "")}{string.Concat(Layers.Select(layer => "|" + layer))}";
}

/// <summary>Takes what was observed for one row of a call. The values are valid inside the call only.</summary>
/// <param name="index">Of the observed value, in the order of <see cref="Observation"/>.</param>
/// <param name="sides">Its shape without the rows' axis.</param>
/// <param name="values">Row-major, float32 whatever the graph computes with.</param>
public delegate void Observer(int index, ReadOnlySpan<int> sides, ReadOnlySpan<float> values);
