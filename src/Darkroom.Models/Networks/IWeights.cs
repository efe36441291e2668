using Darkroom.Models.Files.Safetensors;

namespace Darkroom.Models.Networks;

/// <summary>
/// A network's weights by the names of its modules, as diffusers and transformers name them (<c>down_blocks.0.resnets.0.conv1.weight</c>,
/// <c>text_model.encoder.layers.0.self_attn.q_proj.weight</c>). Whatever file they lie in, and however it names them, is translated behind this.
/// </summary>
/// <remarks>
/// A linear layer's weight is [out, in]. Where a file has it the other way round the answer is a <see cref="StoredTensor.Transpose"/>, where it has several
/// in one a run of <see cref="StoredTensor.Rows"/>. Convolutions of 1 × 1 may be [out, in] or [out, in, 1, 1], whichever the file has.
/// </remarks>
internal interface IWeights
{
    /// <summary>The weight; null where there is none of the name.</summary>
    StoredTensor? Find(string name);
}
