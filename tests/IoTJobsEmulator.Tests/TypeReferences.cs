using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace IoTJobsEmulator.Tests;

/// <summary>One type of an assembly, and a type that it refers to, as the compiler wrote them: both with their namespaces.</summary>
internal readonly record struct TypeReference(string From, string To);

/// <summary>
/// Reads from the metadata of an assembly which types each type refers to: in its base types, attributes, fields, signatures and method
/// bodies. Unlike the text of the sources it has all names in full. Constants are not seen, because compilers copy them.
/// </summary>
internal sealed class TypeReferences
{
    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly Names _names;
    private readonly HashSet<TypeReference> _found = [];

    private TypeReferences(PEReader file)
    {
        (_file, _metadata) = (file, file.GetMetadataReader());
        _names = new(_metadata);
    }

    public static IReadOnlySet<TypeReference> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var references = new TypeReferences(file);
        foreach (var type in references._metadata.TypeDefinitions)
            references.AddType(type);
        return references._found;
    }

    private void AddType(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        var from = _names.Of(handle);
        Add(from, type.BaseType);
        foreach (var implemented in type.GetInterfaceImplementations())
            Add(from, _metadata.GetInterfaceImplementation(implemented).Interface);
        AddConstraints(from, type.GetGenericParameters());
        AddAttributes(from, type.GetCustomAttributes());
        foreach (var field in type.GetFields().Select(_metadata.GetFieldDefinition))
        {
            AddAll(from, field.DecodeSignature(_names, null));
            AddAttributes(from, field.GetCustomAttributes());
        }
        foreach (var method in type.GetMethods().Select(_metadata.GetMethodDefinition))
            AddMethod(from, method);
        foreach (var property in type.GetProperties())
            AddAttributes(from, _metadata.GetPropertyDefinition(property).GetCustomAttributes());
    }

    private void AddMethod(string from, MethodDefinition method)
    {
        var signature = method.DecodeSignature(_names, null);
        AddAll(from, signature.ReturnType);
        foreach (var parameter in signature.ParameterTypes)
            AddAll(from, parameter);
        AddConstraints(from, method.GetGenericParameters());
        AddAttributes(from, method.GetCustomAttributes());
        foreach (var parameter in method.GetParameters())
            AddAttributes(from, _metadata.GetParameter(parameter).GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        foreach (var region in body.ExceptionRegions.Where(region => !region.CatchType.IsNil))
            Add(from, region.CatchType);
        AddTokens(from, body.GetILReader());
    }

    private void AddTokens(string from, BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            var operand = OpCodesByValue[value == 0xFE ? 0xFE00 | code.ReadByte() : value].OperandType;
            switch (operand)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Add(from, MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                default:
                    code.Offset += SizeOf(operand);
                    break;
            }
        }
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void AddConstraints(string from, GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(parameter => _metadata.GetGenericParameter(parameter).GetConstraints()))
            Add(from, _metadata.GetGenericParameterConstraint(constraint).Type);
    }

    private void AddAttributes(string from, CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
            Add(from, _metadata.GetCustomAttribute(attribute).Constructor);
    }

    private void Add(string from, EntityHandle referred)
    {
        if (referred.IsNil)
            return;
        switch (referred.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                AddAll(from, _names.OfAny(referred));
                break;
            case HandleKind.MethodDefinition:
                Add(from, _metadata.GetMethodDefinition((MethodDefinitionHandle)referred).GetDeclaringType());
                break;
            case HandleKind.FieldDefinition:
                Add(from, _metadata.GetFieldDefinition((FieldDefinitionHandle)referred).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Add(from, _metadata.GetMemberReference((MemberReferenceHandle)referred).Parent);
                break;
            case HandleKind.MethodSpecification:
                var method = _metadata.GetMethodSpecification((MethodSpecificationHandle)referred);
                Add(from, method.Method);
                foreach (var argument in method.DecodeSignature(_names, null))
                    AddAll(from, argument);
                break;
        }
    }

    private void AddAll(string from, ImmutableArray<string> names)
    {
        foreach (var name in names)
            _found.Add(new(from, name));
    }

    /// <summary>A signature as the names of all types in it.</summary>
    private sealed class Names(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<string>, object?>
    {
        public string Of(TypeDefinitionHandle handle)
        {
            var type = metadata.GetTypeDefinition(handle);
            var outer = type.GetDeclaringType();
            return outer.IsNil ? $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}" : Of(outer);
        }

        public ImmutableArray<string> OfAny(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeDefinition => [Of((TypeDefinitionHandle)handle)],
            HandleKind.TypeReference => [Of((TypeReferenceHandle)handle)],
            _ => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        };

        public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [Of(handle)];

        public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [Of(handle)];

        public ImmutableArray<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => OfAny(handle);

        public ImmutableArray<string> GetGenericInstantiation(ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments) =>
            [.. genericType, .. typeArguments.SelectMany(names => names)];

        public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature) =>
            [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(names => names)];

        public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) => [.. modifier, .. unmodifiedType];

        public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

        public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

        public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

        public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => [];

        public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => [];

        private string Of(TypeReferenceHandle handle)
        {
            var type = metadata.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? Of((TypeReferenceHandle)type.ResolutionScope)
                : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
        }
    }
}
