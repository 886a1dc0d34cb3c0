namespace IoTJobsEmulator.Core.Shapes;

// The simple shapes of the service models iot and iot-jobs-data, under their names there. An enum needs none: EnumText<T>.

// Jobs
public sealed class JobIdAttribute() : StringShapeAttribute(1, 64, "[a-zA-Z0-9_-]+");
public sealed class DescribeJobExecutionJobIdAttribute() : StringShapeAttribute(pattern: @"[a-zA-Z0-9_-]+|^\$next");
public sealed class TargetArnAttribute() : StringShapeAttribute(max: 2048);
public sealed class JobTargetsAttribute() : ListShapeAttribute(min: 1, element: new TargetArnAttribute());
public sealed class JobDocumentAttribute() : StringShapeAttribute(max: 32768);
public sealed class JobDocumentSourceAttribute() : StringShapeAttribute(1, 1350);
public sealed class JobDescriptionAttribute() : StringShapeAttribute(max: 2028, pattern: @"[^\p{C}]+");
public sealed class JobTemplateArnAttribute() : StringShapeAttribute(1, 1600, "^arn:[!-~]+$");
public sealed class JobArnAttribute() : StringShapeAttribute;
public sealed class JobTemplateIdAttribute() : StringShapeAttribute(1, 64, "[a-zA-Z0-9_-]+");
public sealed class ManagedJobTemplateNameAttribute() : StringShapeAttribute(1, 64);
public sealed class ManagedTemplateVersionAttribute() : StringShapeAttribute(pattern: "^[1-9]+.[0-9]+");
public sealed class PackageVersionArnAttribute() : StringShapeAttribute(1, 1600, "^arn:[!-~]+$");
public sealed class DestinationPackageVersionsAttribute() : ListShapeAttribute(max: 25, element: new PackageVersionArnAttribute()); // the maximum is documented, not modelled
public sealed class ParameterKeyAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9_-]+");
public sealed class ParameterValueAttribute() : StringShapeAttribute(1, 30720, @"[^\p{C}]+");
public sealed class ParameterMapAttribute() : MapShapeAttribute(new ParameterKeyAttribute(), new ParameterValueAttribute());
public sealed class NamespaceIdAttribute() : StringShapeAttribute(pattern: "[a-zA-Z0-9_-]+");
public sealed class ReasonCodeAttribute() : StringShapeAttribute(max: 128, pattern: @"[\p{Upper}\p{Digit}_]+");
public sealed class CommentAttribute() : StringShapeAttribute(max: 2028, pattern: @"[^\p{C}]+");

// Configurations of jobs
public sealed class RoleArnAttribute() : StringShapeAttribute(max: 2048); // the model's minimum of 20 is answered with the text for what is no role (observed)
public sealed class ExpiresInSecAttribute() : NumberShapeAttribute(60, 3600);
public sealed class MaxJobExecutionsPerMinAttribute() : NumberShapeAttribute(1, 1000); // the model has no maximum, the service refuses 1001 (observed)
public sealed class RolloutRatePerMinuteAttribute() : NumberShapeAttribute(1, 1000);
public sealed class IncrementFactorAttribute() : NumberShapeAttribute(1.1, 5);
public sealed class NumberOfThingsAttribute() : NumberShapeAttribute(min: 1);
public sealed class AbortCriteriaListAttribute() : ListShapeAttribute(min: 1);
public sealed class AbortThresholdPercentageAttribute() : NumberShapeAttribute(max: 100);
public sealed class MinimumNumberOfExecutedThingsAttribute() : NumberShapeAttribute(min: 1);
public sealed class RetryCriteriaListAttribute() : ListShapeAttribute(1, 2);
public sealed class NumberOfRetriesAttribute() : NumberShapeAttribute(0, 10);
public sealed class StringDateTimeAttribute() : StringShapeAttribute(1, 64);
public sealed class MaintenanceWindowsAttribute() : ListShapeAttribute;
public sealed class CronExpressionAttribute() : StringShapeAttribute(1, 256);
public sealed class DurationInMinutesAttribute() : NumberShapeAttribute(1, 1430);

// Executions
public sealed class DetailsKeyAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");
// The two upper bounds of status details are not in the model, but among the service's quotas. The model's pattern, [^\p{C}]+, refuses
// line breaks and tabs, but the service keeps them: devices report what programs print (observed).
public sealed class DetailsValueAttribute() : StringShapeAttribute(1, 1024, @"[\P{C}\n\r\t]+");
public sealed class DetailsMapAttribute() : MapShapeAttribute(new DetailsKeyAttribute(), new DetailsValueAttribute(), max: 10);

// Things and thing groups
public sealed class ThingNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");
public sealed class ThingArnAttribute() : StringShapeAttribute;
public sealed class ThingTypeNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");
public sealed class ThingGroupNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");
public sealed class ThingGroupIdAttribute() : StringShapeAttribute(1, 128, @"[a-zA-Z0-9\-]+");
public sealed class ThingGroupArnAttribute() : StringShapeAttribute;
public sealed class ThingGroupListAttribute() : ListShapeAttribute(element: new ThingGroupNameAttribute());
public sealed class ThingGroupDescriptionAttribute() : StringShapeAttribute(max: 2028, pattern: @"[\p{Graph}\x20]*");
public sealed class AttributeNameAttribute() : StringShapeAttribute(max: 128, pattern: "[a-zA-Z0-9_.,@/:#-]+");
public sealed class AttributeValueAttribute() : StringShapeAttribute(max: 800, pattern: @"[a-zA-Z0-9_.,@/:#=\[\]-]*");
public sealed class AttributesAttribute() : MapShapeAttribute(new AttributeNameAttribute(), new AttributeValueAttribute());
public sealed class IndexNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");
public sealed class QueryStringAttribute() : StringShapeAttribute(min: 1);
public sealed class QueryVersionAttribute() : StringShapeAttribute;
public sealed class OptionalVersionAttribute() : NumberShapeAttribute;

// Thing types, billing groups, principals
public sealed class ThingTypeDescriptionAttribute() : StringShapeAttribute(max: 2028, pattern: @"[\p{Graph}\x20]*");
public sealed class SearchableAttributesAttribute() : ListShapeAttribute(element: new AttributeNameAttribute());
public sealed class PropagatingAttributeListAttribute() : ListShapeAttribute;
public sealed class UserPropertyKeyNameAttribute() : StringShapeAttribute(max: 128, pattern: "[a-zA-Z0-9:$.]+");
public sealed class ConnectionAttributeNameAttribute() : StringShapeAttribute(max: 128, pattern: "[a-zA-Z0-9:.]+");
public sealed class BillingGroupNameAttribute() : StringShapeAttribute(1, 128, "[a-zA-Z0-9:_-]+");
public sealed class BillingGroupArnAttribute() : StringShapeAttribute;
public sealed class BillingGroupDescriptionAttribute() : StringShapeAttribute(max: 2028, pattern: @"[\p{Graph}\x20]*");
public sealed class PrincipalAttribute() : StringShapeAttribute;

// Tags, pages, endpoints
public sealed class ResourceArnAttribute() : StringShapeAttribute;
public sealed class TagKeyListAttribute() : ListShapeAttribute(element: new TagKeyAttribute());
public sealed class TagListAttribute() : ListShapeAttribute;
public sealed class TagKeyAttribute() : StringShapeAttribute(1, 128, @"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$");
public sealed class TagValueAttribute() : StringShapeAttribute(0, 256);
public sealed class LaserMaxResultsAttribute() : NumberShapeAttribute(1, 250);
public sealed class RegistryMaxResultsAttribute() : NumberShapeAttribute(1, 250);
public sealed class NextTokenAttribute() : StringShapeAttribute;
public sealed class EndpointTypeAttribute() : StringShapeAttribute(max: 128, pattern: @"[\s\S]*");
