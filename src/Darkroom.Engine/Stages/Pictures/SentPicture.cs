using Darkroom.Imaging;
using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>A picture that is looked at as it was sent, and nothing is made of it.</summary>
internal sealed class SentPicture(PictureWork work) : IEncodedInputs
{
    public int Width => work.Width;

    public int Height => work.Height;

    public IReadOnlyList<float[]> Inputs { get; private set; } = [];

    public EncodedPicture?[] Encoded { get; private set; } = [];

    public void Open()
    {
        Inputs = [PixelConversion.ToNetwork(work.Canvas(0))];
        Encoded = new EncodedPicture?[Inputs.Count];
    }
}
