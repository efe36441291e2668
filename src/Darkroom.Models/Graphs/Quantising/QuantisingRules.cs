using Darkroom.Models.Graphs.Writing;

namespace Darkroom.Models.Graphs.Quantising;

/// <summary>How linear layers are computed with whole numbers.</summary>
internal enum LinearForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Activations to 8 bits with one scale for the whole tensor.</summary>
    WholeTensor,

    /// <summary>Activations to 8 bits with a scale for each position.</summary>
    Positions,

    /// <summary>ONNX Runtime's MatMulNBits: activations to 8 bits in blocks, weights in blocks.</summary>
    Blocks,
}

/// <summary>Which layers of a graph are quantised, and how.</summary>
internal sealed record QuantisingRules
{
    /// <summary>Convolutions to 8 bits, with the scale of their input found in every call.</summary>
    public bool Convolutions { get; init; } = true;

    public LinearForm Linear { get; init; } = LinearForm.Positions;

    /// <summary>Bits of the weights of <see cref="LinearForm.Blocks"/>.</summary>
    public int Bits { get; init; } = 8;

    /// <summary>Values that share a scale there.</summary>
    public int Block { get; init; } = 128;

    /// <summary>A layer with fewer inputs or outputs stays: it takes no time, and errors at a network's ends are seen.</summary>
    public int MinChannels { get; init; } = 32;

    /// <summary>Whether weights that 8-bit activations are multiplied by are unsigned, around <see cref="QuantisedForm.Middle"/>.</summary>
    public bool UnsignedWeights { get; init; }

    /// <summary>Whether a call's rows share a scale, so that each must be called alone.</summary>
    public bool NeedsRowsAlone => Convolutions || Linear == LinearForm.WholeTensor;
}
