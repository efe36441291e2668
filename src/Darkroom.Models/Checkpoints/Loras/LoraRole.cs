namespace Darkroom.Models.Checkpoints.Loras;

/// <summary>What a tensor of a LoRA is to its layer.</summary>
internal enum LoraRole
{
    /// <summary>[rank, in] or [rank, in, kernel, kernel].</summary>
    Down,

    /// <summary>[out, rank], for a convolution with a kernel of 1 × 1.</summary>
    Up,

    /// <summary>LoCon's core of a convolution, [rank, rank, kernel, kernel].</summary>
    Mid,

    /// <summary>A number: the layer counts alpha / rank.</summary>
    Alpha,

    // LoHa: two products, multiplied value by value.
    Hada1A,
    Hada1B,
    Hada1Core,
    Hada2A,
    Hada2B,
    Hada2Core,

    // LoKr: a Kronecker product, of which each factor may be a product itself.
    Lokr1,
    Lokr1A,
    Lokr1B,
    Lokr2,
    Lokr2A,
    Lokr2B,
    Lokr2Core,

    /// <summary>DoRA: what the norm of each row or column is to be.</summary>
    Magnitude,

    /// <summary>The difference itself.</summary>
    Difference,

    /// <summary>The bias's difference.</summary>
    BiasDifference,
}
