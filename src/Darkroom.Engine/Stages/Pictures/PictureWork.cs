using Darkroom.Diffusion.Tensors;
using Darkroom.Imaging;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>
/// The pixels of a row of a picture task: what the network is given in each pass, and what becomes of what it painted. One pass for img2img and
/// inpaint; outpaint takes as many as the model's canvas asks for.
/// </summary>
internal abstract class PictureWork
{
    /// <summary>Pixels that a pass works at.</summary>
    public abstract int Width { get; }

    public abstract int Height { get; }

    public virtual int Passes => 1;

    /// <summary>Whether a mask divides the picture into what stands and what is repainted.</summary>
    public virtual bool IsMasked => false;

    /// <summary>
    /// Whether what stands is to be continued into what is repainted, not only kept beside it: the mask is then read as <see cref="Continuation"/> does.
    /// </summary>
    public virtual bool Continues => false;

    /// <summary>What the caller is to know of the pictures sent; null where there is nothing to say.</summary>
    /// <param name="shape">Of the latents that are worked on.</param>
    public virtual string? WarningFor(LatentShape shape) => null;

    /// <summary>The picture of a pass, RGB, at the working size.</summary>
    public abstract Picture Canvas(int pass);

    /// <summary>The same as the encoder takes it. // [C, H, W] in [−1, 1]</summary>
    public virtual float[] Input(int pass) => PixelConversion.ToNetwork(Canvas(pass));

    /// <summary>Grey, at the working size: the network repaints where it is at least a half.</summary>
    public virtual Picture Mask(int pass) => throw new InvalidOperationException("This task has no mask.");

    /// <summary>What a pass works at of another picture that stands for the whole answer: what a ControlNet is shown.</summary>
    public virtual Picture PartOf(Picture whole, int pass) => whole;

    /// <summary>Takes what a pass painted, RGB at the working size.</summary>
    public abstract void Close(int pass, Picture painted);

    /// <summary>Takes what a pass painted, as the network gave it.</summary>
    public virtual void Take(int pass, DecodedPicture decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        Close(pass, PixelConversion.FromNetwork(decoded.Values, decoded.Width, decoded.Height));
    }

    /// <summary>The answer, after the last pass; before it, what stands without any.</summary>
    public abstract Picture Result { get; }
}
