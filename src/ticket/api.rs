//! 开放接口 of tickets (F§1.4, F§4.1): the table. What is asked stands in `read`, what is written in `write`.

pub mod read;
pub mod write;

use kernel::api::answer::{Many, One};
use kernel::api::{Endpoint, Nothing};
use kernel::endpoint;

/// Every endpoint of this slice. The misspelling `fileds` is the original product's path.
pub const ENDPOINTS: &[Endpoint] = &[
    endpoint!(Get "/api/ws/5/ticket/get_data_dict", TicketRead, ("查询数据字典", "Get the data dictionary"), read::get_data_dict: Nothing => One<read::DataDict>),
    endpoint!(Get "/api/ws/5/ticket/query_fileds_by_typeid", TicketRead, ("查询分类的工单模板字段", "Query the fields of a category"), read::query_fields_by_type: read::ByType => Many<read::FieldItem>),
    endpoint!(Get "/api/ws/5/ticket/query_ticket_extend_fields", TicketRead, ("查询工单自定义字段", "Query own fields of tickets"), read::query_ticket_extend_fields: Nothing => Many<read::FieldItem>),
    endpoint!(Get "/api/ws/5/ticket/query_tickets", TicketRead, ("查询工单列表", "Query tickets"), read::query_tickets: read::QueryTickets => Many<read::TicketItem>),
    endpoint!(Get "/api/ws/5/ticket/get_ticket_by_id", TicketRead, ("查询工单详情", "Get a ticket"), read::get_ticket_by_id: read::ById => One<read::TicketDetail>),
    endpoint!(Post "/api/ws/5/ticket/save_agent_ticket", TicketWrite, ("创建工单（客服）", "Create a ticket as an agent"), write::save_agent_ticket: write::SaveAgentTicket => One<write::SavedTicket>),
    endpoint!(Post "/api/ws/5/ticket/save_user_ticket", TicketWrite, ("创建工单（客户）", "Create a ticket as a customer"), write::save_user_ticket: write::SaveUserTicket => One<write::SavedTicket>),
    endpoint!(Post "/api/ws/5/ticket/save_ticket_reply", TicketWrite, ("回复工单（客服）", "Reply to a ticket as an agent"), write::save_ticket_reply: write::SaveTicketReply => One<write::SavedReply>),
    endpoint!(Post "/api/ws/5/ticket/save_user_reply", TicketWrite, ("回复工单（客户）", "Reply to a ticket as its customer"), write::save_user_reply: write::SaveUserReply => One<write::SavedReply>),
];
