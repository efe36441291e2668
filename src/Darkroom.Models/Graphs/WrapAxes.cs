namespace Darkroom.Models.Graphs;

/// <summary>The axes along which a picture wraps round: its edges meet there.</summary>
public enum WrapAxes
{
    None,

    /// <summary>Left and right meet.</summary>
    X,

    /// <summary>Top and bottom meet.</summary>
    Y,

    Both,
}

/// <summary>What is asked of them.</summary>
public static class WrapAxesExtensions
{
    /// <summary>Whether left and right meet.</summary>
    public static bool WrapsX(this WrapAxes axes) => axes is WrapAxes.X or WrapAxes.Both;

    /// <summary>Whether top and bottom meet.</summary>
    public static bool WrapsY(this WrapAxes axes) => axes is WrapAxes.Y or WrapAxes.Both;

    /// <summary>What calls of a network that wraps are kept apart by; empty for one that does not.</summary>
    public static string Variant(this WrapAxes axes) => axes switch { WrapAxes.X => "wrap:x", WrapAxes.Y => "wrap:y", WrapAxes.Both => "wrap:xy", _ => "" };
}
