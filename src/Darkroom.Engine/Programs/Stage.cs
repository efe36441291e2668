namespace Darkroom.Engine.Programs;

/// <summary>One stage of a row's way from request to stored picture. Plain data: what is to be done, not how.</summary>
public abstract record Stage
{
    private Stage() { }

    /// <summary>Wait for the model, cut the texts into tokens, draw the starting noise.</summary>
    public sealed record Prepare : Stage;

    /// <summary>Encode every text that the row reads at any of its steps.</summary>
    public sealed record EncodeText : Stage;

    /// <summary>Encode the picture, and with a mask the picture without what is repainted.</summary>
    public sealed record EncodePicture : Stage;

    /// <summary>Run the sampler to its end.</summary>
    public sealed record Denoise : Stage;

    /// <summary>Latents to pixels.</summary>
    public sealed record Decode : Stage;

    /// <summary>Lay what was painted over what stands; back to <see cref="EncodePicture"/> while windows are left.</summary>
    public sealed record Composite : Stage;

    /// <summary>Send the finished picture, or the one that came, through an upscaler, tile by tile.</summary>
    public sealed record Upscale : Stage;

    /// <summary>Encode the file and store it; off the device thread.</summary>
    public sealed record Deliver : Stage;
}
