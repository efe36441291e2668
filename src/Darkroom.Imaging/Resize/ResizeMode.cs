namespace Darkroom.Imaging.Resize;

/// <summary>What happens to a picture whose aspect is not the one asked for.</summary>
public enum ResizeMode
{
    /// <summary>The aspect changes (diffusers: <c>default</c>).</summary>
    Stretch,

    /// <summary>The middle is kept, what is over the edge is cut (diffusers: <c>crop</c>).</summary>
    Crop,

    /// <summary>All is kept, and the bars beside it take the colours of its edge (diffusers: <c>fill</c>).</summary>
    Pad,
}
