namespace Darkroom.Server.Wire;

/// <summary>The text is always this one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class WireValueAttribute(string value) : Attribute
{
    public string Value => value;
}
