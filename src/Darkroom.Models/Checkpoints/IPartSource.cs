using Darkroom.Models.Files;

namespace Darkroom.Models.Checkpoints;

/// <summary>Where the weights of a model's parts are, where they are no ONNX graphs.</summary>
internal interface IPartSource
{
    /// <summary>The weights of a part; null where there are none, or where a fault was added.</summary>
    /// <param name="part">diffusers' name of it (<c>unet</c>, <c>text_encoder_2</c>); both halves of an autoencoder are <c>vae</c>.</param>
    /// <param name="faults">Receives what is wrong with the files.</param>
    PartWeights? Find(string part, FaultList faults);
}
