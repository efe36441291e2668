using Darkroom.Models.Families;

namespace Darkroom.Engine.Stages.Pictures;

/// <summary>What goes through a row's encoder, and what it made of it.</summary>
internal interface IEncodedInputs
{
    /// <summary>Pixels.</summary>
    int Width { get; }

    int Height { get; }

    /// <summary>What the encoder is given. // [C, H, W] each</summary>
    IReadOnlyList<float[]> Inputs { get; }

    /// <summary>Its answers, one for each input.</summary>
    EncodedPicture?[] Encoded { get; }

    /// <summary>Makes the inputs. On a large canvas that takes a while.</summary>
    void Open();
}
