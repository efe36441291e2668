namespace Darkroom.Server.Generation.Validation;

/// <summary>A picture that a body has beside its values: a part of a form, or a long text of JSON, which is left out of the document.</summary>
/// <param name="Name">Name of the field; a file's own name is not looked at.</param>
/// <param name="Bytes">Within the request's body.</param>
/// <param name="Form">What the bytes are.</param>
internal sealed record SentFile(string Name, Memory<byte> Bytes, SentForm Form);

/// <summary>How a picture is sent.</summary>
internal enum SentForm
{
    /// <summary>As it is.</summary>
    File,

    /// <summary>In base64.</summary>
    Base64,

    /// <summary>In base64, with what JSON escapes.</summary>
    EscapedBase64,
}
