namespace Darkroom.Server.Wire;

/// <summary>The text is one of a closed list of names; for a list of texts, each of them is.</summary>
/// <param name="list">What the OpenAPI document calls the list.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WireNameAttribute(string list) : Attribute
{
    public string List => list;
}
